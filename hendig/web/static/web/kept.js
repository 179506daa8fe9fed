// What somebody typed and did not send, or sent without a connection, is kept twice: in this tab as it is, and on
// the device sealed, for when the tab is closed or the phone has no power. The house gives the key to this session
// alone, no script can read it, and it ends with the session (ADR 49). Who is not signed in has no key: what they
// type is in this tab and nowhere else.
window.hendigKept = (() => {
  "use strict";
  const { who, keeps } = document.body.dataset;
  const KINDS = ["hendig-draft:", "hendig-outbox:"];
  const ours = (place) => KINDS.some((kind) => place.startsWith(kind));
  const mine = (place) => KINDS.some((kind) => place.startsWith(`${kind}${who || "visitor"}:`));
  const safely = (ask, otherwise) => { try { return ask(); } catch { return otherwise; } };
  const places = (store) => safely(() => Object.keys(store()).filter(ours), []);
  const tab = () => sessionStorage;
  const device = () => localStorage;
  const remove = (store, place) => safely(() => store().removeItem(place));

  // Asked for once by a page that keeps something or may find something, and by no other.
  let asked = null;
  const ask = async () => {
    const answer = await fetch(keeps, { credentials: "same-origin", cache: "no-store" });
    if (!answer.ok || answer.redirected) return null;
    return crypto.subtle.importKey("raw", await answer.arrayBuffer(), "AES-GCM", false, ["encrypt", "decrypt"]);
  };
  const opener = () => { asked ??= keeps ? ask().catch(() => null) : Promise.resolve(null); return asked; };
  // For its place alone: what is moved to another does not open there.
  const way = (iv, place) => ({ name: "AES-GCM", iv, additionalData: new TextEncoder().encode(place) });
  // What was typed later, or dropped, while it was being sealed goes before.
  const newest = new Map();
  const turn = (place) => { const now = (newest.get(place) || 0) + 1; newest.set(place, now); return now; };

  const seal = async (place, words) => {
    const [now, key, iv] = [turn(place), await opener(), crypto.getRandomValues(new Uint8Array(12))];
    if (!key) return;
    const sealed = new Uint8Array(await crypto.subtle.encrypt(way(iv, place), key, new TextEncoder().encode(words)));
    if (newest.get(place) !== now) return;
    safely(() => device().setItem(place, btoa(Array.from([...iv, ...sealed], (byte) => String.fromCharCode(byte)).join(""))));
  };
  const put = (place, item) => {
    const words = JSON.stringify(item);
    safely(() => tab().setItem(place, words));
    seal(place, words).catch(() => null);
  };
  const drop = (place) => { turn(place); remove(tab, place); remove(device, place); };
  const here = (place) => safely(() => JSON.parse(tab().getItem(place)), null);
  const open = async (place) => {
    const [key, kept] = [await opener(), safely(() => device().getItem(place), null)];
    if (!key || !kept) return null;
    const bytes = safely(() => Uint8Array.from(atob(kept), (sign) => sign.charCodeAt(0)), new Uint8Array());
    const words = await crypto.subtle.decrypt(way(bytes.slice(0, 12), place), key, bytes.slice(12)).catch(() => null);
    // Of a session that is over nobody opens it any more.
    if (!words) { remove(device, place); return null; }
    return JSON.parse(new TextDecoder().decode(words));
  };

  // By an earlier edition words lay readable on the device.
  places(device).filter((place) => safely(() => device().getItem(place)[0] === "{", false)).forEach((place) => {
    const words = device().getItem(place);
    remove(device, place);
    if (mine(place)) put(place, JSON.parse(words));
  });
  // What another left here, who was signed in, nobody reads any more: their session is over.
  if (who) {
    places(device).filter((place) => !mine(place)).forEach((place) => remove(device, place));
    places(tab).filter((place) => !mine(place) && !place.includes(":visitor:")).forEach((place) => remove(tab, place));
  }

  return {
    mine: (kind) => `${kind}${who || "visitor"}:`,
    ready: opener,
    put,
    drop,
    here,
    open,
    inTab: () => places(tab),
    onDevice: () => places(device).filter(mine),
    clear: () => [tab, device].forEach((store) => places(store).forEach((place) => { turn(place); remove(store, place); })),
  };
})();
