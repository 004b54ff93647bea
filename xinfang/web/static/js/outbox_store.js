// What waits for a connection: kept in this browser only until it was sent, or two days at most, or until sign-out.
// Only where a browser has no IndexedDB (or none that may be written) does nothing wait, and the page says so.
const NAME = "xinfang-outbox";
const STORE = "forms";
const DAYS = 2;

let opened;

function open() {
  opened ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: "id", autoIncrement: true });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
  return opened;
}

async function run(mode, work) {
  const database = await open();
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(STORE, mode);
    const asked = work(transaction.objectStore(STORE));
    transaction.oncomplete = () => resolve(asked.result);
    transaction.onerror = transaction.onabort = () => reject(transaction.error);
  });
}

// In the order in which they were written.
export const all = () => run("readonly", (store) => store.getAll());

// Removes what nobody sent in two days, and tells what that was.
export async function dropOld() {
  const oldest = Date.now() - DAYS * 24 * 3600_000;
  const old = (await all()).filter((item) => Date.parse(item.typed) < oldest);
  for (const item of old) await remove(item.id);
  return old;
}

export const put = (item) => run("readwrite", (store) => store.put(item));
export const remove = (id) => run("readwrite", (store) => store.delete(id));
export const clear = () => run("readwrite", (store) => store.clear());
