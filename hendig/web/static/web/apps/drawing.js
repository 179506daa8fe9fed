// Dragging in the drawing: onto another card is "hangt samen met", onto another place is moving there. Sugar over
// the links and the form that are on the page: without this file all of it goes by tapping and by the keyboard.
(() => {
  "use strict";
  const FAR = 10;
  let drag = null;
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
    if (!drag) return;
    mark(null);
    drag.box.classList.remove("hang-dragged");
    drag.box.removeAttribute("transform");
    drag = null;
  };
  document.addEventListener("pointerdown", (event) => {
    const link = card(event.target);
    if (!link || event.button !== 0 || event.pointerType === "touch") return;
    const sheet = link.ownerSVGElement;
    const scale = sheet.viewBox.baseVal.width / sheet.getBoundingClientRect().width;
    drag = { link, box: link.closest(".hang-box"), x: event.clientX, y: event.clientY, scale, moved: false, over: null };
  });
  document.addEventListener("pointermove", (event) => {
    if (!drag) return;
    const [x, y] = [event.clientX - drag.x, event.clientY - drag.y];
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
      location.assign(`${location.pathname}?factor=${link.dataset.factor}&met=${other.dataset.factor}#stap`);
      return;
    }
    const put = document.getElementById("hang-put");
    if (!over?.dataset.place || !put) return;
    put.elements.piece_id.value = link.dataset.factor;
    put.elements.place.value = over.dataset.place;
    put.requestSubmit();
  });
  document.addEventListener("pointercancel", stop);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") stop(); });
  document.addEventListener("dragstart", (event) => { if (card(event.target)) event.preventDefault(); });
})();
