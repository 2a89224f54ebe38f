// Asks the browser for a passkey and puts its answer into the form. Everything else on the page works without this.
"use strict";
(() => {
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
  const word = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const known = (list) => (list || []).map((each) => ({ ...each, id: bytes(each.id) }));

  const make = async (asked) => {
    const publicKey = { ...asked, challenge: bytes(asked.challenge), user: { ...asked.user, id: bytes(asked.user.id) }, excludeCredentials: known(asked.excludeCredentials) };
    const made = await navigator.credentials.create({ publicKey });
    return { ...told(made), response: { clientDataJSON: word(made.response.clientDataJSON), attestationObject: word(made.response.attestationObject) } };
  };
  const prove = async (asked) => {
    const publicKey = { ...asked, challenge: bytes(asked.challenge), allowCredentials: known(asked.allowCredentials) };
    const proof = await navigator.credentials.get({ publicKey });
    const { clientDataJSON, authenticatorData, signature, userHandle } = proof.response;
    return { ...told(proof), response: { clientDataJSON: word(clientDataJSON), authenticatorData: word(authenticatorData), signature: word(signature), userHandle: userHandle ? word(userHandle) : null } };
  };
  const told = (credential) => ({ id: credential.id, rawId: word(credential.rawId), type: credential.type, clientExtensionResults: credential.getClientExtensionResults() });

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const button = form.querySelector("[data-ask]");
    const trouble = form.querySelector("[data-trouble]");
    if (!button || !window.PublicKeyCredential) continue;
    form.querySelector("[data-without]")?.remove();
    button.hidden = false;
    button.addEventListener("click", async () => {
      button.disabled = true;
      trouble.textContent = "";
      try {
        const asked = JSON.parse(form.dataset.question);
        const answer = await (form.dataset.passkey === "new" ? make(asked) : prove(asked));
        form.elements[`${form.dataset.prefix || ""}passkey`].value = JSON.stringify(answer);
        form.submit();
      } catch (problem) {
        trouble.textContent = problem.message;
        button.disabled = false;
      }
    });
  }
})();
