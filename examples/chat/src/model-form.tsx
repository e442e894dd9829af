import { setEndpoint, useEndpoint } from './endpoint.ts';

export function ModelForm({ onDone }: { readonly onDone: () => void }) {
  const endpoint = useEndpoint();

  function connect(form: FormData) {
    setEndpoint({
      url: fieldOf(form, 'url'),
      model: fieldOf(form, 'model'),
      key: fieldOf(form, 'key'),
    });
    onDone();
  }
  function disconnect() {
    setEndpoint(null);
    onDone();
  }

  return (
    <form id="model" className="model-form" action={connect}>
      <label>
        Address
        <input
          name="url"
          type="url"
          required
          defaultValue={endpoint?.url}
          placeholder="http://localhost:11434/v1"
        />
      </label>
      <label>
        Model
        <input name="model" required defaultValue={endpoint?.model} placeholder="llama3.2" />
      </label>
      <label>
        Key, if it needs one
        <input name="key" type="password" autoComplete="off" defaultValue={endpoint?.key} />
      </label>
      <p className="note">
        Any server that speaks the OpenAI chat protocol. Your question, the conversation’s last
        turns and what was recalled are sent to this address, and the key to nobody else. All three
        fields are kept in this tab’s session storage and are gone when the tab closes.
      </p>
      <div className="actions">
        <button type="submit" className="primary">
          Connect
        </button>
        {endpoint !== null && (
          <button type="button" onClick={disconnect}>
            Disconnect
          </button>
        )}
      </div>
    </form>
  );
}

function fieldOf(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === 'string' ? value.trim() : '';
}
