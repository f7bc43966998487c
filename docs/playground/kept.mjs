// What the browser keeps of a tab: its text as it was typed, and its table. No tab writes what another one has open.
const DRAFT = "nngen draft ";
const MOST = 20; // drafts

export const MAX_BYTES = 20_000_000; // of all tables

/** One request to the tables, by their drafts. */
const tables = (mode, request) =>
  new Promise((resolve, reject) => {
    const opening = indexedDB.open("nngen", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("tables");
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const transaction = opening.result.transaction("tables", mode);
      const asked = request(transaction.objectStore("tables"));
      const ended = (settle) => () => {
        opening.result.close();
        settle();
      };
      transaction.oncomplete = ended(() => resolve(asked.result));
      transaction.onabort = ended(() => reject(transaction.error));
    };
  });

/** Whether this tab has a draft to itself from now on, as far as the browser can say. */
const held = (id, options) =>
  new Promise((resolve) => {
    if (!navigator.locks) return resolve("signal" in options);
    const kept = (lock) => {
      resolve(lock !== null);
      return lock && new Promise(() => {}); // until the tab is closed
    };
    navigator.locks.request(DRAFT + id, options, kept).catch(() => resolve(false));
  });

const read = (id) => JSON.parse(localStorage.getItem(DRAFT + id) ?? "null");

/** The drafts of this browser, the newest first. */
const drafts = () =>
  Object.keys(localStorage)
    .filter((key) => key.startsWith(DRAFT))
    .map((key) => ({ id: key.slice(DRAFT.length), ...JSON.parse(localStorage.getItem(key)) }))
    .sort((one, other) => other.changed - one.changed);

async function removed(id) {
  localStorage.removeItem(DRAFT + id);
  await tables("readwrite", (store) => store.delete(id));
}

export class Draft {
  #id;

  /** What is kept: the text, the address that holds it, the name and the bytes of the table. */
  found = {};

  /**
   * The draft of this tab, or else the newest that no tab has open.
   * @param {string} address the text that the address holds; if it is not that of the draft, a new draft begins.
   */
  static async open(address) {
    const draft = new Draft();
    const own = sessionStorage.getItem(DRAFT);
    const fits = ({ address: kept }) => !address || address === kept;
    const last = own && read(own);
    if (last && fits(last)) {
      const alone = await held(own, { signal: AbortSignal.timeout(1000) }); // a page that is being left may hold it
      await (alone ? draft.#take(own) : draft.#copy(own));
      return draft;
    }
    for (const { id } of own ? [] : drafts().filter((one) => fits(one))) {
      if (await held(id, { ifAvailable: true })) {
        await draft.#take(id);
        return draft;
      }
    }
    await draft.#copy(null);
    return draft;
  }

  async #take(id) {
    this.#id = id;
    sessionStorage.setItem(DRAFT, id);
    this.found = read(id) ?? {};
  }

  /** Begin a draft with what another one has. */
  async #copy(other) {
    const id = crypto.randomUUID?.() ?? String(Math.random());
    await held(id, { ifAvailable: true });
    if (other) localStorage.setItem(DRAFT + id, localStorage.getItem(DRAFT + other));
    await this.#take(id);
    const table = other && (await this.#stored(other));
    if (table) await tables("readwrite", (store) => store.put(table, id));
    for (const { id: old } of drafts().slice(MOST)) if (old !== id && (await held(old, { ifAvailable: true }))) await removed(old);
  }

  /** Keep some of ``text``, ``address`` and ``table``, the table's name and number of bytes. */
  keep(changed) {
    this.found = { ...this.found, ...changed, changed: Date.now() };
    localStorage.setItem(DRAFT + this.#id, JSON.stringify(this.found));
  }

  /** Keep a table in place of the last one, which stays if this one is too large: false. Older tables make room. */
  async keepTable(name, bytes) {
    if (bytes.byteLength > MAX_BYTES) return false;
    await tables("readwrite", (store) => store.delete(this.#id));
    this.keep({ table: null });
    let all = bytes.byteLength;
    for (const { id, table, ...others } of drafts()) {
      all += table?.bytes ?? 0;
      if (!table || all <= MAX_BYTES) continue;
      await tables("readwrite", (store) => store.delete(id));
      localStorage.setItem(DRAFT + id, JSON.stringify({ ...others, table: null }));
    }
    await tables("readwrite", (store) => store.put(bytes, this.#id));
    this.keep({ table: { name, bytes: bytes.byteLength } });
    return true;
  }

  /** The bytes of the table; nothing if there is none. */
  table() {
    return this.#stored(this.#id);
  }

  #stored(id) {
    return read(id)?.table ? tables("readonly", (store) => store.get(id)) : undefined;
  }

  /** Forget this draft, and all that no other tab has open. */
  async forget() {
    for (const { id } of drafts()) if (id === this.#id || (await held(id, { ifAvailable: true }))) await removed(id);
    this.found = {};
  }
}
