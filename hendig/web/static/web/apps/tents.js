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

  // What somebody puts on the table or in the drawing while there is no connection waits here, and is sent once,
  // with the key of its form, from whichever of these pages stands open. It lies in this tab, for who typed it; and
  // sealed on the device, for when the tab is closed or the phone has no power. The house gives the key to this
  // session alone, no script can read it, and it ends with the session (ADR 49). Signing out clears both (hendig.js).
  const box = document.getElementById("outbox");
  if (!box) return;
  const PLACE = `hendig-outbox:${document.body.dataset.who}`;
  const AGAIN = 3000;
  const load = () => { try { return JSON.parse(sessionStorage.getItem(PLACE)) || []; } catch { return []; } };
  let waiting = load();
  const save = () => { try { if (waiting.length) sessionStorage.setItem(PLACE, JSON.stringify(waiting)); else sessionStorage.removeItem(PLACE); } catch { /* then it waits as long as this page stands */ } };
  const SEALED = `hendig-sealed:${document.body.dataset.who}:`;
  const placeOf = (item) => SEALED + new URLSearchParams(item.body).get("_key");
  const opener = (async () => {
    const answer = await fetch(box.dataset.key, { credentials: "same-origin", cache: "no-store" });
    if (!answer.ok || answer.redirected) return null;
    return crypto.subtle.importKey("raw", await answer.arrayBuffer(), "AES-GCM", false, ["encrypt", "decrypt"]);
  })().catch(() => null);
  // For its place alone: what is moved to another does not open there.
  const way = (iv, place) => ({ name: "AES-GCM", iv, additionalData: new TextEncoder().encode(place) });
  const seal = async (item) => {
    const [key, place, iv] = [await opener, placeOf(item), crypto.getRandomValues(new Uint8Array(12))];
    if (!key) return;
    const sealed = new Uint8Array(await crypto.subtle.encrypt(way(iv, place), key, new TextEncoder().encode(JSON.stringify(item))));
    if (!waiting.includes(item)) return;
    try { localStorage.setItem(place, btoa(String.fromCharCode(...iv, ...sealed))); } catch { /* then it waits in this tab alone */ }
  };
  const unseal = async () => {
    const key = await opener;
    if (!key) return;
    for (const place of Object.keys(localStorage).filter((one) => one.startsWith(SEALED))) {
      const kept = Uint8Array.from(atob(localStorage.getItem(place)), (sign) => sign.charCodeAt(0));
      const words = await crypto.subtle.decrypt(way(kept.slice(0, 12), place), key, kept.slice(12)).catch(() => null);
      // Of a session that is over nobody opens it any more.
      if (!words) { localStorage.removeItem(place); continue; }
      const item = JSON.parse(new TextDecoder().decode(words));
      if (!waiting.some((one) => one.body === item.body)) waiting.push({ ...item, tried: true });
    }
    save();
  };
  const drop = (item) => {
    waiting = waiting.filter((one) => one !== item);
    save();
    try { localStorage.removeItem(placeOf(item)); } catch { /* as above */ }
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
    save();
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
        save();
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
    waiting.push({ url: form.action, from: here(), body: new URLSearchParams(data).toString(), text });
    save();
    seal(waiting.at(-1)).catch(() => null);
    anew(form);
    send();
  });
  window.addEventListener("online", send);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) send(); });
  setInterval(() => { if (waiting.some((item) => !item.why)) send(); }, AGAIN);
  show();
  send();
  unseal().catch(() => null).then(() => { show(); send(); });
})();
