// The screen of a tent; it works without this file, by reloading.
(() => {
  "use strict";

  // How long the talk goes on: from what the house counted, onward by the time since then. What a device
  // thinks that the time is, is never asked.
  const counted = new WeakMap();
  const count = () => document.querySelectorAll("[data-lasts]").forEach((el) => {
    if (!counted.has(el)) counted.set(el, performance.now());
    const minutes = String(Math.floor((Number(el.dataset.lasts) + (performance.now() - counted.get(el)) / 1000) / 60));
    if (el.textContent !== minutes) el.textContent = minutes;
  });
  count();
  setInterval(count, 5000);

  // What somebody puts on the table or in the drawing while there is no connection waits here (kept.js), and is sent
  // once, with the key of its form, from whichever of these pages stands open.
  const box = document.getElementById("outbox");
  if (!box) return;
  const keeper = window.hendigKept;
  const MINE = keeper.mine("hendig-outbox:");
  const AGAIN = 3000;
  const inOrder = (items) => items.sort((a, b) => a.at - b.at);
  let waiting = inOrder(keeper.inTab().filter((place) => place.startsWith(MINE)).map(keeper.here).filter(Boolean));
  const placeOf = (item) => MINE + new URLSearchParams(item.body).get("_key");
  const save = (item) => keeper.put(placeOf(item), item);
  const drop = (item) => {
    waiting = waiting.filter((one) => one !== item);
    keeper.drop(placeOf(item));
  };
  // What a tab that is gone left on the device.
  const fetchBack = async () => {
    const left = keeper.onDevice().filter((place) => place.startsWith(MINE) && !waiting.some((item) => placeOf(item) === place));
    const found = await Promise.all(left.map(keeper.open));
    const others = found.filter((item) => item && !waiting.some((one) => placeOf(one) === placeOf(item)));
    waiting = inOrder([...waiting, ...others.map((item) => ({ ...item, tried: true }))]);
  };
  const key = () => "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (at) => (at ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (at / 4)))).toString(16));

  const part = (name, text, className = "") => {
    const el = document.createElement(name);
    el.textContent = text;
    el.className = className;
    return el;
  };
  const show = () => {
    const lines = waiting.filter((item) => item.tried || item.why);
    box.hidden = !lines.length;
    box.replaceChildren(...lines.map((item) => {
      const line = part("div", "", "outbox-item");
      line.append(part("p", item.text, "outbox-words"), part("p", item.why || (item.out ? box.dataset.out : box.dataset.waits), "muted"));
      if (item.why) {
        const copy = part("button", box.dataset.copy, "utrecht-button utrecht-button--secondary-action");
        copy.type = "button";
        copy.dataset.copy = item.text;
        const away = part("button", box.dataset.away, "utrecht-button utrecht-button--subtle");
        away.type = "button";
        away.addEventListener("click", () => { drop(item); show(); });
        const buttons = part("div", "", "buttons");
        buttons.append(copy, away);
        line.append(buttons);
      }
      return line;
    }));
  };

  const here = () => location.pathname + location.search;
  const sets = (region) => [...region.querySelectorAll("textarea,input[type=text]")].some((el) => el.value);
  // Where nothing new is typed the words and the reason stand in the form again, else beneath it.
  const refused = (item, page) => {
    const back = page.querySelector("[data-outbox]");
    const region = document.querySelector("[data-outbox]");
    if (back && region && item.from === here() && !sets(region)) {
      drop(item);
      region.replaceChildren(...back.cloneNode(true).childNodes);
      region.querySelector(".notice-problem, .field-wrong")?.scrollIntoView({ block: "nearest" });
      return;
    }
    const reason = page.querySelector("[data-outbox] [role=alert] li, [data-outbox] .notice, [data-outbox] .field-error, .error-words p");
    item.why = reason?.textContent.trim() || box.dataset.refused;
    save(item);
  };
  const token = () => document.querySelector("[name=csrfmiddlewaretoken]")?.value || "";
  const post = (item) => {
    const body = new URLSearchParams(item.body);
    body.set("csrfmiddlewaretoken", token());
    // To go on in the talk was meant for that moment, and not for when the connection came back.
    if (item.tried) body.delete("phase");
    return fetch(item.url, { method: "POST", body, credentials: "same-origin" });
  };
  // What the browser thinks of the network is not asked: a Hendig on this very laptop needs none.
  let sending = false;
  const send = async () => {
    if (sending) return;
    sending = true;
    for (const item of waiting.filter((one) => !one.why)) {
      const answer = await post(item).catch(() => null);
      if (!answer || answer.status >= 500 || new URL(answer.url).pathname !== new URL(item.url).pathname) {
        // No connection, or somebody has to sign in first: it stays until it can go.
        item.tried = true;
        item.out = Boolean(answer && answer.redirected);
        save(item);
        break;
      }
      // Cut off halfway it is sent again, and its key sees to it that it counts once.
      const text = await answer.text().catch(() => null);
      if (text === null) break;
      const page = new DOMParser().parseFromString(text, "text/html");
      if (answer.ok) drop(item);
      else refused(item, page);
      // What came of something that was sent from another page, or from another step, is not what stands here.
      if (item.from !== here()) continue;
      if (answer.ok && answer.redirected) history.replaceState(null, "", answer.url);
      if (answer.ok || answer.status === 422) document.dispatchEvent(new CustomEvent("hendig:fresh", { detail: page }));
    }
    sending = false;
    show();
  };
  // As the page first brought it, without what it asked: the next thing is not said by who said this one.
  const anew = (form) => {
    form.querySelectorAll(".field-wrong").forEach((el) => el.classList.remove("field-wrong"));
    form.querySelectorAll("[role=alert],.field-error").forEach((el) => el.remove());
    form.querySelectorAll("textarea,input[type=text],input[type=date]").forEach((el) => { el.defaultValue = ""; });
    form.reset();
    form.elements.text.blur();
    form.elements._key.value = key();
    form.dispatchEvent(new CustomEvent("hendig:taken", { bubbles: true }));
  };
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || !form.closest("[data-outbox]")) return;
    const data = new FormData(form, event.submitter);
    const text = String(data.get("text") || "").trim();
    if (!text) return;
    event.preventDefault();
    waiting.push({ url: form.action, from: here(), body: new URLSearchParams(data).toString(), text, at: Date.now() });
    save(waiting.at(-1));
    anew(form);
    send();
  });
  window.addEventListener("online", send);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) send(); });
  setInterval(() => { if (waiting.some((item) => !item.why)) send(); }, AGAIN);
  show();
  send();
  fetchBack().then(() => { show(); send(); });
})();
