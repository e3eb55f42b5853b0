import { useState, type SyntheticEvent } from "react";
import { Logo } from "../components/icons.tsx";
import { ThemeButton } from "../components/top-bar.tsx";
import { signIn, type SignInResult } from "../data/session.ts";
import { toggleLanguage, useMessages } from "../i18n/language.ts";

export function LoginPage() {
  const messages = useMessages();
  const { login } = messages;
  const [token, setToken] = useState("");
  const [busy, setBusy] = useState(false);
  const [result, setResult] = useState<SignInResult | null>(null);
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    setBusy(true);
    void signIn(token.trim()).then((answer) => {
      setBusy(false);
      setResult(answer);
    });
  };
  const problem = result === null || result === "signed-in" ? null : login[result];
  return (
    <main className="login" id="content">
      <form className="login-card" onSubmit={submit}>
        <div className="login-brand">
          <Logo size={40} />
          <div>
            <h1>{messages.product}</h1>
            <p>{messages.tagline}</p>
          </div>
        </div>
        <label htmlFor="token">{login.label}</label>
        <input
          id="token"
          className="field"
          type="password"
          autoComplete="current-password"
          autoFocus
          required
          value={token}
          aria-invalid={problem !== null}
          aria-describedby="token-help"
          onChange={(event) => setToken(event.target.value)}
        />
        <p id="token-help" className={problem === null ? "hint" : "problem"} role="status">
          {problem ?? login.hint}
        </p>
        <button type="submit" className="button primary" disabled={busy}>
          {busy ? login.busy : login.submit}
        </button>
      </form>
      <div className="login-tools">
        <ThemeButton />
        <button type="button" className="button quiet language" onClick={toggleLanguage}>
          {messages.otherLanguage}
        </button>
      </div>
    </main>
  );
}
