// Passkeys: asks the server what to sign, the device for its answer, and sends that answer as a form.
(() => {
  "use strict";
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const known = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));

  const make = async (asked) => {
    const made = await navigator.credentials.create({ publicKey: {
      ...asked,
      challenge: bytes(asked.challenge),
      user: { ...asked.user, id: bytes(asked.user.id) },
      excludeCredentials: known(asked.excludeCredentials),
    } });
    return { made, response: { attestationObject: text(made.response.attestationObject), transports: made.response.getTransports?.() ?? [] } };
  };
  const show = async (asked) => {
    const made = await navigator.credentials.get({ publicKey: {
      ...asked, challenge: bytes(asked.challenge), allowCredentials: known(asked.allowCredentials),
    } });
    const { authenticatorData, signature, userHandle } = made.response;
    return { made, response: { authenticatorData: text(authenticatorData), signature: text(signature), userHandle: userHandle ? text(userHandle) : null } };
  };
  const answer = ({ made, response }) => JSON.stringify({
    id: made.id,
    rawId: text(made.rawId),
    type: made.type,
    clientExtensionResults: made.getClientExtensionResults(),
    authenticatorAttachment: made.authenticatorAttachment,
    response: { clientDataJSON: text(made.response.clientDataJSON), ...response },
  });

  document.querySelectorAll("[data-passkey]").forEach((box) => {
    if (!window.PublicKeyCredential) return;
    const form = box.querySelector("form");
    const says = box.querySelector("[data-passkey-says]");
    box.hidden = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      try {
        const asked = await fetch(box.dataset.question, { credentials: "same-origin", headers: { Accept: "application/json" } });
        if (!asked.ok) throw new Error("no question");
        const options = await asked.json();
        form.elements.answer.value = answer(await (box.dataset.passkey === "create" ? make(options) : show(options)));
        form.submit();
      } catch {
        says.textContent = box.dataset.failed;
        delete form.dataset.sent;
        form.querySelectorAll("[aria-busy]").forEach((el) => el.removeAttribute("aria-busy"));
      }
    });
  });
})();
