// Progressive enhancement only: every page works without this file.
(() => {
  "use strict";
  const words = document.body.dataset;
  const keeper = window.hendigKept;
  const DRAFT = keeper.mine("hendig-draft:");
  const WEEK = 7 * 24 * 3600 * 1000;
  const typing = (el) => el && el.matches("input:not([type=submit],[type=checkbox],[type=radio]),textarea,select,[contenteditable]");

  const say = (text) => {
    const box = document.getElementById("messages");
    if (!box || [...box.children].some((child) => child.textContent === text)) return;
    const line = document.createElement("div");
    line.className = "message";
    line.textContent = text;
    box.append(line);
  };

  // What somebody set in a form, by name: a text as it was typed, of choices those that are chosen; `base` is the
  // same as the page brought it. What the page sends by itself (hidden), and a password or a file, is not theirs.
  const FIELDS = "textarea,select,input:not([type=hidden],[type=submit],[type=button],[type=password],[type=file])";
  const theirs = (form) => [...form.elements].filter((el) => el.name && el.matches(FIELDS));
  const tick = (el) => el.matches("[type=radio],[type=checkbox]");
  const picked = (el, one) => {
    if (!el.matches("select")) return tick(el) ? ((one ? el.checked : el.defaultChecked) ? [el.value] : []) : [one ? el.value : el.defaultValue];
    const found = [...el.options].filter((option) => (one ? option.selected : option.defaultSelected));
    return (found.length || one || el.multiple ? found : [...el.options].slice(0, 1)).map((option) => option.value);
  };
  const stateOf = (form) => theirs(form).reduce((all, el) => {
    const one = all.get(el.name) || { now: [], base: [], chosen: tick(el) || el.matches("select") };
    one.now.push(...picked(el, true));
    one.base.push(...picked(el, false));
    return all.set(el.name, one);
  }, new Map());
  const same = (a, b) => a.length === b.length && a.every((value, at) => value === b[at]);
  const offers = (el) => (el.matches("select") ? [...el.options].map((option) => option.value) : [el.value]);
  const setTo = (form, name, values) => theirs(form).filter((el) => el.name === name).forEach((el, at) => {
    if (tick(el)) el.checked = values.includes(el.value);
    else if (el.matches("select")) [...el.options].forEach((option) => { option.selected = values.includes(option.value); });
    else el.value = values[at];
  });
  // A form that came back asks for something: what stands in it was typed, though the page brought it.
  const asks = (form) => form.querySelector(".field-wrong,[role=alert]") !== null;
  // A file that somebody chose, or a password, can be put in no other form.
  const stuck = (form) => asks(form) || [...form.elements].some((el) => el.matches("[type=file],[type=password]") && el.value);
  const touched = (form) => stuck(form) || [...stateOf(form).values()].some((one) => !same(one.now, one.base));

  // Drafts: what is set in a form with data-draft is kept (kept.js) until the server says that it accepted it.
  // Devices are shared: a draft belongs to who typed it, lives no longer than a week, and signing out clears all of
  // them. How to reach somebody (mail, telephone) is not kept. Each tab has its own: two that show one form do not
  // write over each other.
  const TAB = "hendig-tab";
  const anew = () => {
    const name = Math.random().toString(36).slice(2);
    try { sessionStorage.setItem(TAB, name); } catch { /* then it is another after each load */ }
    return name;
  };
  let tab = null;
  try { tab = sessionStorage.getItem(TAB); } catch { /* as above */ }
  tab ??= anew();
  const store = {
    place: (name) => `${DRAFT}${name}@${tab}`,
    get: (name) => keeper.here(store.place(name)),
    set: (name, value) => keeper.put(store.place(name), value),
    drop: (name) => keeper.drop(store.place(name)),
  };
  const reaches = (form, name) => form.elements[name].matches?.("[type=email],[type=tel]");
  const keep = (form) => {
    const whole = asks(form);
    const fields = [...stateOf(form)].filter(([name]) => !reaches(form, name)).map(([name, one]) => {
      const words = one.chosen ? [...form.querySelectorAll("option:checked")].filter((option) => option.closest("select").name === name).map((option) => option.text) : [];
      return { name, words, ...one };
    });
    const some = fields.some((one) => (!one.chosen && whole && one.now.some(Boolean)) || !same(one.now, one.base));
    if (some) store.set(form.dataset.draft, { fields, whole, key: form.elements._key?.value, at: Date.now() });
    else store.drop(form.dataset.draft);
  };
  // A choice that is not offered any more is not silently another one: the server is asked, and says so.
  const choose = (form, { name, now, words }) => {
    const select = form.querySelector(`select[name="${CSS.escape(name)}"]`);
    now.forEach((value, at) => { if (select && !offers(select).includes(value)) select.add(new Option(words[at], value)); });
    setTo(form, name, now);
  };
  // While its page stands a tab holds a lock by its name, and what it types is left alone. A tab that was doubled came
  // with the name of the other, which holds it: it takes a name of its own.
  let holding = false;
  const hold = () => {
    holding = true;
    navigator.locks?.request(`${TAB}:${tab}`, { signal: AbortSignal.timeout(1000) }, () => new Promise(() => {})).catch(() => { tab = anew(); hold(); });
  };
  // What was typed last in this form by a tab that is gone, or went on to another page, is now of this one.
  const takeOver = async (name) => {
    const open = new Set((await navigator.locks?.query())?.held.map((one) => one.name));
    const mine = `${DRAFT}${name}@`;
    const left = keeper.onDevice().filter((place) => place.startsWith(mine) && !open.has(`${TAB}:${place.slice(mine.length)}`));
    const found = await Promise.all(left.map(async (place) => ({ place, draft: await keeper.open(place) })));
    const [last] = found.filter((one) => one.draft).sort((a, b) => b.draft.at - a.draft.at);
    if (!last) return null;
    keeper.drop(last.place);
    store.set(name, last.draft);
    return last.draft;
  };
  const restore = async (form) => {
    if (asks(form)) return;
    const draft = store.get(form.dataset.draft) || await takeOver(form.dataset.draft);
    if (!draft?.fields || !form.isConnected) return;
    if (Date.now() - draft.at > WEEK) { store.drop(form.dataset.draft); return; }
    const here = stateOf(form);
    const other = draft.fields.filter((one) => here.has(one.name) && same(here.get(one.name).now, here.get(one.name).base) && !same(here.get(one.name).now, one.now));
    // Where the page brings another text than it did then, somebody else wrote it: that is not written over.
    const texts = other.filter((one) => !one.chosen && one.now.some(Boolean) && (here.get(one.name).now.every((value) => !value) || same(here.get(one.name).base, one.base)));
    const choices = other.filter((one) => one.chosen && (draft.whole ? texts.length : !same(one.now, one.base)));
    texts.forEach((one) => setTo(form, one.name, one.now));
    choices.forEach((one) => choose(form, one));
    const back = new Set([...texts, ...choices].map((one) => one.name));
    theirs(form).filter((el) => back.has(el.name)).forEach((el) => { for (let fold = el.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true; });
    if (back.size) say(words.draft);
  };
  // A form that was accepted leads on to a page, and the answer leaves the key of the form for the script of that page.
  const settle = () => {
    const key = document.cookie.match(/(?:^|; )hendig_accepted=([0-9a-f-]+)/)?.[1];
    if (!key) return;
    document.cookie = "hendig_accepted=; Max-Age=0; Path=/; SameSite=Lax";
    keeper.inTab().filter((place) => keeper.here(place)?.key === key).forEach(keeper.drop);
  };

  // Double submits: the second press of the same form does nothing; the key in the form guards the server.
  const sending = (form, button) => {
    form.dataset.sent = "";
    if (!button) return;
    button.setAttribute("aria-busy", "true");
    window.setTimeout(() => { delete form.dataset.sent; button.removeAttribute("aria-busy"); }, 8000);
  };
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.matches(".self-out")) keeper.clear();
    if (!form.matches("[data-once]")) return;
    if (form.dataset.sent !== undefined) { event.preventDefault(); event.stopImmediatePropagation(); return; }
    if (form.dataset.draft) keep(form);
    sending(form, event.submitter);
  }, true);
  const answered = (form) => {
    delete form.dataset.sent;
    form.querySelectorAll("[aria-busy]").forEach((el) => el.removeAttribute("aria-busy"));
  };
  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(answered));
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target.closest?.("form[data-once]");
    if (form) answered(form);
    settle();
  });
  // What cannot reach the house is said to be not done, and its page stays with what was typed: the browser would
  // leave it. A device without a network may still reach a house of its own, and one with a network a house that is
  // not there: a page that hears nothing from it, for it stopped or there is nothing to hear, asks first.
  const hears = () => [...streams.values()].some((stream) => stream.readyState === EventSource.OPEN);
  const cut = () => !navigator.onLine || !hears();
  const PATIENCE = 10_000;
  // While it is asked the piece in which a form stands may be renewed: then it is the new one that goes.
  const renewed = new WeakMap();
  const standing = (form) => (form.isConnected || !renewed.has(form) ? form : standing(renewed.get(form)));
  const pressed = (form, button) => (button?.isConnected ? button : [...form.elements].find((el) => el.type === "submit" && el.name === button?.name && el.value === button?.value) || null);
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.there !== undefined) { delete form.dataset.there; return; }
    if (event.defaultPrevented || !form.matches("form[data-once]") || form.closest("[data-outbox]") || !cut()) return;
    event.preventDefault();
    fetch("/static/web/mark.svg", { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(PATIENCE) }).then((answer) => answer.status < 500, () => false).then((there) => {
      const now = standing(form);
      answered(now);
      if (!there) { say(now.dataset.draft ? words.offline : words.undone); return; }
      now.dataset.there = "";
      now.requestSubmit(pressed(now, event.submitter));
    });
  });
  // What waits in the outbox of a page (tents.js) is safe there, and the form is for the next.
  document.addEventListener("hendig:taken", (event) => { answered(event.target); store.drop(event.target.dataset.draft); });
  document.addEventListener("htmx:sendError", () => say(words.offline));
  window.addEventListener("offline", () => say(words.offline));
  document.addEventListener("input", (event) => { if (event.target.form?.dataset.draft) keep(event.target.form); });
  // A file that is too large is told at once: sent, it would only be refused after the wait.
  document.addEventListener("change", (event) => {
    const { files, dataset } = event.target;
    if (!dataset.most || !files?.length || files[0].size <= Number(dataset.most)) return;
    event.target.value = "";
    say(dataset.tooLarge);
  });
  document.addEventListener("change", (event) => { if (event.target.matches("[data-autosubmit]")) event.target.form.requestSubmit(); });

  // Live regions: <section id data-live="/live/…" [data-live-from="/partial/…"]>. Each message fetches the
  // region again; while someone types in it, it waits until they are done, and what they typed and chose stands in the
  // new one. Where that has no place for it, the region stays as it is (data-stale): nobody else changes what is set.
  const streams = new Map();
  const busy = (region) => region.dataset.held !== undefined || (region.contains(document.activeElement) && typing(document.activeElement));
  // One fetch for all regions that come from the same page: each look is a line in the family's log.
  const refresh = async (ids) => {
    const at = location.href;
    const sources = new Map();
    ids.map((id) => document.getElementById(id)).filter(Boolean).forEach((region) => {
      if (busy(region)) { region.dataset.stale = ""; return; }
      delete region.dataset.stale;
      const source = region.dataset.liveFrom || location.href;
      sources.set(source, [...(sources.get(source) || []), region.id]);
    });
    await Promise.all([...sources].map(async ([source, places]) => {
      const answer = await fetch(source, { headers: { "X-Hendig-Live": places.join(" ") }, credentials: "same-origin" }).catch(() => null);
      if (!answer || !answer.ok) return;
      if (answer.redirected && new URL(answer.url).pathname === words.away) { leave(); return; }
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      // What was sent from the outbox led on to another page meanwhile: this is the one before.
      if (location.href !== at) { refresh(places); return; }
      const other = places.map((id) => document.getElementById(id)).filter((region) => region && replace(region, page.getElementById(region.id)));
      // Where a piece tells by itself what changed, it is not told once more.
      if (!other.some((region) => region.matches("[role=status]"))) tell(other);
    }));
  };
  // Who does not see that something changed hears it: which part of the page, never what stands there. Not often, so
  // that a busy page leaves room to read, and what changed meanwhile in one sentence.
  const news = document.getElementById("news");
  const QUIET = 10_000;
  const untold = new Set();
  let spoke = -QUIET;
  let telling = 0;
  const tell = (regions) => {
    regions.forEach((region) => { if (region.dataset.news) untold.add(region.dataset.news); });
    if (!news || !untold.size) return;
    clearTimeout(telling);
    // Emptied first, or the same sentence once more would be no change.
    news.textContent = "";
    telling = setTimeout(() => {
      news.textContent = `${news.dataset.news}: ${[...untold].join(", ")}.`;
      untold.clear();
      spoke = performance.now();
    }, Math.max(150, spoke + QUIET - performance.now()));
  };
  // By what one knows a button, a link or a fold again in the new piece: its name, where it leads and what it says.
  const alike = (el) => [el.tagName, el.id, el.getAttribute("href"), el.form?.getAttribute("action"), el.name, (el.querySelector(":scope > summary") || el).textContent.trim()].join("|");
  // Which form it is: where it leads and what it sends by itself. A hidden value that is another makes it another form.
  const formName = (form) => [form.getAttribute("action"), form.getAttribute("id"), form.dataset.draft, ...[...form.querySelectorAll("input[type=hidden]")].filter((el) => el.name !== "_key" && el.name !== "csrfmiddlewaretoken").map((el) => `${el.name}=${el.value}`)].join("|");
  const fits = (kept, form) => [...kept].every(([name, { now, chosen }]) => {
    const fields = theirs(form).filter((el) => el.name === name);
    return fields.length > 0 && (chosen ? now.every((value) => fields.some((el) => offers(el).includes(value))) : fields.length === now.length);
  });
  // Pairs of a form in which something is set, and the same form in the new piece; nothing where one has no place there.
  const pairs = (now, fresh) => {
    const left = [...fresh.querySelectorAll("form")];
    const found = [];
    for (const form of now.querySelectorAll("form")) {
      const at = left.findIndex((one) => formName(one) === formName(form));
      const [again] = at < 0 ? [] : left.splice(at, 1);
      const set = touched(form);
      if (set && (!again || stuck(form) || !fits(stateOf(form), again))) return null;
      if (again && (set || form.dataset.sent !== undefined)) found.push([form, again]);
    }
    return found;
  };
  // Sent once more, the form is the same one to the server: its key goes along with what is set in it.
  const carry = (form, again) => {
    stateOf(form).forEach(({ now }, name) => setTo(again, name, now));
    if (form.elements._key) again.elements._key.value = form.elements._key.value;
    renewed.set(form, again);
  };
  const reads = (region) => region.textContent.replace(/\s+/g, " ").trim();
  // Whether something else can be read there now.
  const replace = (now, fresh) => {
    if (!fresh || !now || fresh.innerHTML === now.innerHTML) return false;
    const kept = busy(now) ? null : pairs(now, fresh);
    if (!kept) { now.dataset.stale = busy(now) ? "" : "set"; return false; }
    delete now.dataset.stale;
    const other = reads(now) !== reads(fresh);
    kept.forEach(([form, again]) => carry(form, again));
    const focused = now.contains(document.activeElement) && document.activeElement !== now ? document.activeElement : null;
    const open = [...now.querySelectorAll("details[open]")].map(alike);
    now.replaceChildren(...fresh.childNodes);
    now.querySelectorAll("details").forEach((el) => { if (open.includes(alike(el))) el.setAttribute("open", ""); });
    if (focused) {
      // Of a picture there are two, for a desk and for a phone: the one that is shown.
      const again = [...now.querySelectorAll(focused.tagName)].find((el) => alike(el) === alike(focused) && el.checkVisibility());
      // What somebody stood at is there no more: they go on from here, and not from the top of the page.
      if (!again) now.tabIndex = -1;
      (again || now).focus({ preventScroll: true });
    }
    window.htmx?.process(now);
    prepare(now);
    return other;
  };
  // Somebody has the page as it is now in hand already: what is live on it follows, and nobody fetches again.
  document.addEventListener("hendig:fresh", (event) => document.querySelectorAll("[data-live][id]").forEach((region) => {
    replace(region, event.detail.getElementById(region.id));
  }));
  let moved = new Set();
  let timer = 0;
  const soon = (some) => { some.forEach((id) => moved.add(id)); clearTimeout(timer); timer = setTimeout(() => { refresh([...moved]); moved = new Set(); }, 60); };
  const came = performance.getEntriesByType("navigation")[0]?.serverTiming?.find((one) => one.name === "came")?.description || "";
  let pause = 2000;
  const listen = () => {
    const wanted = new Map();
    document.querySelectorAll("[data-live][id]").forEach((el) => {
      wanted.set(el.dataset.live, [...(wanted.get(el.dataset.live) || []), el.id]);
    });
    streams.forEach((stream, url) => { if (!wanted.has(url) || document.hidden) { stream.close(); streams.delete(url); } });
    if (document.hidden) return;
    wanted.forEach((ids, url) => {
      if (streams.has(url)) return;
      // What moved since the page was asked for is told at once: also after a lost connection, or from behind.
      const stream = new EventSource(`${url}&since=${came}`);
      // Where it is told which pieces of the page moved, only those are fetched.
      const pieces = (names) => ids.filter((id) => names.includes(document.getElementById(id)?.dataset.livePiece));
      stream.addEventListener("changed", (event) => { const some = event.data ? pieces(event.data.split(" ")) : []; soon(some.length ? some : ids); });
      // A browser comes back after a lost line by itself, but not after a no. That of a server that is too busy
      // passes; who asks on after another is a line in the log each time. So a few times, and when in front again.
      stream.addEventListener("error", () => {
        if (stream.readyState !== EventSource.CLOSED) return;
        streams.delete(url);
        if (pause < 30_000) setTimeout(listen, pause);
        pause *= 2;
      });
      stream.addEventListener("open", () => { pause = 2000; });
      streams.set(url, stream);
    });
  };
  document.addEventListener("visibilitychange", listen);
  document.addEventListener("focusout", (event) => {
    const region = event.target.closest?.("[data-stale]");
    // Held for what is set in it, it is asked for again when that is gone: each look is a line in the family's log.
    if (region) setTimeout(() => { if (region.dataset.stale !== "set" || ![...region.querySelectorAll("form")].some(touched)) refresh([region.id]); }, 200);
  });
  // What somebody holds in hand (data-held) is not changed under it; let go, it follows.
  document.addEventListener("hendig:let-go", (event) => { if (event.target.dataset.stale !== undefined) refresh([event.target.id]); });
  window.addEventListener("pagehide", () => streams.forEach((stream, url) => { stream.close(); streams.delete(url); }));

  // Keys for the desk: / searches, j and k walk through [data-item] or the pager, any [data-key] is pressed.
  const walk = (step) => {
    const items = [...document.querySelectorAll("[data-item]")];
    if (!items.length) return document.querySelector(step > 0 ? "[rel=next]" : "[rel=prev]")?.click();
    const at = items.findIndex((el) => el.contains(document.activeElement));
    const item = items[Math.min(Math.max(at + step, 0), items.length - 1)];
    const goal = item.matches("a,button,[tabindex]") ? item : item.querySelector("a,button,[tabindex]");
    goal?.focus();
    item.scrollIntoView({ block: "nearest" });
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(document.activeElement)) return;
    if (event.key === "/") {
      const box = document.querySelector('[data-shortcut="/"]');
      if (box) { event.preventDefault(); box.focus(); box.select(); }
    } else if (event.key === "j") walk(1);
    else if (event.key === "k") walk(-1);
    else if (/^[a-z]$/.test(event.key)) {
      // In a row the key means that row and never another one.
      const row = document.activeElement?.closest("[data-item]") ?? document;
      row.querySelector(`[data-key="${event.key}"]:not([disabled])`)?.click();
    }
  });

  document.addEventListener("click", async (event) => {
    const copy = event.target.closest("[data-copy]");
    if (!copy) return;
    await navigator.clipboard.writeText(copy.dataset.copy);
    copy.classList.add("copied");
    if (copy.dataset.copied) say(copy.dataset.copied);
  });

  // Nobody there: after a while without a key or a touch the page makes way for the one that asks who is there.
  // All pages of this browser count together, and who types without sending gives a sign of life now and then.
  const IDLE = Number(words.idle || 0) * 1000;
  const SIGN = 4 * 60 * 1000;
  let told = Date.now();
  const idle = () => IDLE > 0 && Date.now() - lastActive() > IDLE;
  // Who listens at a table that talks touches nothing and is there, as long as this page is in front, hears of it
  // and the talk was to last. It is a look at the table and no more: a touch then is no sign of life, and whatever
  // is done is asked who is there.
  const HEARD = 30_000;
  // Who comes back stands where they stood.
  const STOOD = "hendig-stood";
  const here = () => location.pathname + location.search;
  const backToPlace = () => {
    try {
      const stood = JSON.parse(sessionStorage.getItem(STOOD));
      if (stood?.at !== here()) return;
      sessionStorage.removeItem(STOOD);
      window.scrollTo(0, stood.y);
    } catch { /* as above */ }
  };
  const cameAt = new WeakMap();
  let heardAt = -HEARD;
  const listening = () => {
    const now = performance.now();
    if (hears()) heardAt = now;
    const el = document.querySelector("[data-listens]");
    if (!el || document.hidden) return false;
    if (!cameAt.has(el)) cameAt.set(el, now);
    return now - heardAt < HEARD && now - cameAt.get(el) < Number(el.dataset.listens) * 1000;
  };
  const leave = () => {
    [...document.querySelectorAll("form[data-draft]")].filter(touched).forEach(keep);
    try { sessionStorage.setItem(STOOD, JSON.stringify({ at: here(), y: window.scrollY })); } catch { /* then they begin at its top */ }
    location.replace(`${words.away}?next=${encodeURIComponent(here())}`);
  };
  const active = () => {
    if (idle()) return;
    const now = Date.now();
    try { localStorage.setItem("hendig-active", String(now)); } catch { /* then each page counts for itself */ }
    if (now - told < SIGN) return;
    told = now;
    fetch(words.sign, { credentials: "same-origin" }).catch(() => null);
  };
  const lastActive = () => { try { return Math.max(told, Number(localStorage.getItem("hendig-active") || 0)); } catch { return told; } };
  if (IDLE) {
    try { localStorage.setItem("hendig-active", String(told)); } catch { /* as above */ }
    ["keydown", "pointerdown", "input"].forEach((kind) => document.addEventListener(kind, active, { passive: true }));
    const ask = () => {
      const there = listening();
      if (idle() && !there) leave();
    };
    setInterval(ask, Math.min(IDLE, 5000));
    // A phone that was put away asks before anything is read or typed on it; some count no time while they are dark.
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) heardAt = -HEARD;
      else if (navigator.onLine) ask();
    });
  }

  const prepare = (root) => {
    const drafts = [...root.querySelectorAll("form[data-draft]")];
    if (drafts.length) keeper.ready();
    if (drafts.length && !holding) hold();
    drafts.forEach(restore);
    root.querySelector("[data-focus]")?.focus();
    root.querySelectorAll("[data-print]").forEach((el) => { el.hidden = false; el.onclick = () => window.print(); });
    listen();
  };
  document.addEventListener("htmx:load", (event) => prepare(event.detail.elt));
  settle();
  prepare(document);
  backToPlace();
})();
