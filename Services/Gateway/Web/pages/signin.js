// Signing in: with the link or the token that the bureau's own sign-in gave.
import { html, useState } from "../lib/ui.js";
import { t, language, languages, loadStrings } from "../lib/strings.js";
import { signIn } from "../lib/session.js";

export function SignIn({ done, draw, problem }) {
  const [given, setGiven] = useState("");
  const [refusal, setRefusal] = useState(problem);
  const submit = async (event) => {
    event.preventDefault();
    const text = given.trim();
    try {
      await signIn(text.split(".").length === 3 ? { token: text } : { code: text });
      done();
    } catch (error) {
      setRefusal(error);
    }
  };
  const other = languages.find((code) => code !== language());
  return html`<main class="sign-in">
    <form onSubmit=${submit}>
      <img src="/icon.svg" alt="" />
      <h1>${t("app.name")}<small>${t("app.screen")}</small></h1>
      <p>${t("signin.what")}</p>
      <label for="token">${t("signin.token")}</label>
      <input id="token" type="password" autocomplete="off" spellcheck="false" value=${given}
        onInput=${(event) => setGiven(event.target.value)} />
      ${refusal && html`<p class="problem" role="alert">${refusal.message}
        ${refusal.reason && html` <code>${refusal.reason}</code>`}</p>`}
      <button class="primary" type="submit">${t("signin.enter")}</button>
      <button class="quiet" type="button"
        onClick=${async () => { await loadStrings(other); draw(); }}>${t("head.other_language")}
        </button>
      <p class="note">${t("signin.hint")}</p>
    </form>
  </main>`;
}
