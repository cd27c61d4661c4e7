// What the phone keeps when there is no link: its list, what it has to tell, pictures, and where it was. One
// database for each beat; each write is one transaction, so that a phone that dies has all of it or none.

const STORES = { tasks: "id", templates: "key", queue: "ordinal", pictures: "digest", state: "name" };

const asked = (request) => new Promise((done, fail) => {
  request.onsuccess = () => done(request.result);
  request.onerror = () => fail(request.error);
});

/** The database of one beat. */
export async function openPhone(beat) {
  const opening = indexedDB.open(`quintet.phone.${beat}`, 1);
  opening.onupgradeneeded = () => {
    for (const [name, keyPath] of Object.entries(STORES)) opening.result.createObjectStore(name, { keyPath });
  };
  return new PhoneStore(await asked(opening));
}

class PhoneStore {
  constructor(database) {
    this.database = database;
  }

  all(name) {
    return asked(this.database.transaction(name).objectStore(name).getAll());
  }

  async state(name, standard) {
    const row = await asked(this.database.transaction("state").objectStore("state").get(name));
    return row?.value ?? standard;
  }

  /** Runs `change(stores)`; resolves when all of it is on the disk. */
  write(change) {
    const transaction = this.database.transaction(Object.keys(STORES), "readwrite", { durability: "strict" });
    const stores = Object.fromEntries(Object.keys(STORES).map((name) => [name, transaction.objectStore(name)]));
    const ended = new Promise((done, fail) => {
      transaction.oncomplete = () => done();
      transaction.onabort = () => fail(transaction.error);
    });
    change(stores);
    return ended;
  }
}
