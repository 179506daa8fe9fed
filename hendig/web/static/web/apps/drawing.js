// Dragging in the drawing: onto another card is "hangt samen met", onto another place is moving there. Sugar over
// the links and the form that are on the page: without this file all of it goes by tapping and by the keyboard.
(() => {
  "use strict";
  const FAR = 10;
  // A finger that stays this long on a card takes it up; one that moves sooner scrolls the page.
  const HOLD = 350;
  let drag = null;
  let hold = 0;
  const card = (el) => el?.closest?.("a[data-factor]");
  const under = (event) => {
    drag.link.style.pointerEvents = "none";
    const found = document.elementFromPoint(event.clientX, event.clientY);
    drag.link.style.pointerEvents = "";
    return card(found)?.closest(".hang-box") || found?.closest?.("[data-place]");
  };
  const mark = (target) => {
    if (drag.over === target) return;
    drag.over?.classList.remove("hang-over");
    drag.over = target;
    target?.classList.add("hang-over");
  };
  const stop = () => {
    clearTimeout(hold);
    if (!drag) return;
    mark(null);
    drag.box.classList.remove("hang-dragged");
    drag.box.removeAttribute("transform");
    const { piece } = drag;
    drag = null;
    if (!piece) return;
    delete piece.dataset.held;
    piece.dispatchEvent(new CustomEvent("hendig:let-go", { bubbles: true }));
  };
  document.addEventListener("pointerdown", (event) => {
    const link = card(event.target);
    if (!link || event.button !== 0 || !event.isPrimary) return;
    const sheet = link.ownerSVGElement;
    const scale = sheet.viewBox.baseVal.width / sheet.getBoundingClientRect().width;
    const finger = event.pointerType === "touch";
    drag = { link, box: link.closest(".hang-box"), x: event.clientX, y: event.clientY, scale, waits: finger, moved: false, over: null, piece: link.closest("[data-live]") };
    if (drag.piece) drag.piece.dataset.held = "";
    if (finger) hold = setTimeout(() => { drag.waits = false; drag.moved = true; drag.box.classList.add("hang-dragged"); navigator.vibrate?.(15); }, HOLD);
  });
  document.addEventListener("pointermove", (event) => {
    if (!drag) return;
    const [x, y] = [event.clientX - drag.x, event.clientY - drag.y];
    if (drag.waits) { if (Math.hypot(x, y) >= FAR) stop(); return; }
    if (!drag.moved && Math.hypot(x, y) < FAR) return;
    drag.moved = true;
    drag.box.classList.add("hang-dragged");
    drag.box.setAttribute("transform", `translate(${x * drag.scale} ${y * drag.scale})`);
    mark(under(event));
  });
  document.addEventListener("pointerup", () => {
    if (!drag) return;
    const { link, moved, over } = drag;
    stop();
    if (!moved) return;
    // The tap that ends a drag is no tap on the card.
    document.addEventListener("click", (event) => { event.preventDefault(); event.stopPropagation(); }, { capture: true, once: true });
    const other = over?.querySelector("a[data-factor]");
    if (other) {
      const zoom = new URLSearchParams(location.search).get("zoom") || 1;
      location.assign(`${location.pathname}?zoom=${Number(zoom)}&factor=${link.dataset.factor}&met=${other.dataset.factor}#stap`);
      return;
    }
    const put = document.getElementById("hang-put");
    if (!over?.dataset.place || !put) return;
    put.elements.piece_id.value = link.dataset.factor;
    put.elements.place.value = over.dataset.place;
    put.requestSubmit();
  });
  document.addEventListener("pointercancel", stop);
  // What was taken up goes along with the finger, and the page stays where it is.
  document.addEventListener("touchmove", (event) => { if (drag?.moved) event.preventDefault(); }, { passive: false });
  document.addEventListener("contextmenu", (event) => { if (card(event.target) && (drag?.moved || event.pointerType === "touch")) event.preventDefault(); });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") stop(); });
  document.addEventListener("dragstart", (event) => { if (card(event.target)) event.preventDefault(); });
})();
