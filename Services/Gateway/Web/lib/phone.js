// The phone's side of one list, as Docs/integrating.md tells it: fetch, work with or without a link, tell once
// and in order, fetch again when all is told.
import { call, requestId } from "./api.js";
import { openPhone } from "./phone-store.js";

const BATCH = 50;
const EVERY = 5_000;

const base64 = (bytes) => {
  let text = "";
  for (let at = 0; at < bytes.length; at += 8_192) text += String.fromCharCode(...bytes.subarray(at, at + 8_192));
  return btoa(text);
};

/** What a report makes of a task on the phone, until the service has said what became of it. */
const MADE = { SIGN: "SIGNED", DONE: "DONE", RETURN: "RETURNED" };

export class Phone {
  constructor(store, beat, changed) {
    Object.assign(this, { store, beat, changed, tasks: [], queue: [], told: [], hasLink: true, isBusy: false });
  }

  static async open(beat, changed) {
    const phone = new Phone(await openPhone(beat), beat, changed);
    await phone.read();
    return phone;
  }

  /** The list as people see it: what was done here counts already. */
  async read() {
    const [tasks, queue] = await Promise.all([this.store.all("tasks"), this.store.all("queue")]);
    this.queue = queue;
    const made = new Map(queue.map((report) => [report.taskId, MADE[report.kind.replace("TASK_REPORT_KIND_", "")]]));
    this.tasks = tasks.map((task) => ({ ...task, isWaiting: made.has(task.id),
      state: made.has(task.id) ? `TASK_STATE_${made.get(task.id)}` : task.state }))
      .sort((one, other) => (one.dueTime < other.dueTime ? -1 : one.dueTime > other.dueTime ? 1 : one.id < other.id ? -1 : 1));
    this.changed();
  }

  /** Written down before the screen says so. */
  async note(task, kind, { answers = [], reason = "", pictures = [] } = {}) {
    const [count, ahead] = [await this.store.state("count", 0), await this.store.state("ahead", 0)];
    const report = { id: requestId(), ordinal: count + 1, taskId: task.id, kind: `TASK_REPORT_KIND_${kind}`, taskEtag: task.etag,
      deviceTime: new Date().toISOString(), clockAheadMs: String(Math.round(ahead)), answers, reason };
    await this.store.write((stores) => {
      for (const picture of pictures) stores.pictures.put({ ...picture, taskId: task.id });
      stores.queue.put(report);
      stores.state.put({ name: "count", value: count + 1 });
    });
    await this.read();
    this.go();
  }

  /** Tells and fetches; one round at a time. */
  async go() {
    if (this.isBusy) { this.isAskedAgain = true; return; }
    this.isBusy = true;
    try {
      await this.sendPictures();
      await this.tell();
      if (!(await this.store.all("queue")).length) await this.fetch();
      this.hasLink = true;
    } catch (error) {
      this.hasLink = error.code !== "unavailable" && error.code !== "deadline_exceeded";
      this.problem = this.hasLink ? error : undefined;
    }
    this.isBusy = false;
    await this.read();
    if (this.isAskedAgain) { this.isAskedAgain = false; this.go(); }
  }

  start() {
    this.timer = setInterval(() => this.go(), EVERY);
    this.go();
  }

  stop() { clearInterval(this.timer); }

  async sendPictures() {
    for (const { digest, mediaType, data, taskId } of await this.store.all("pictures")) {
      await call("duty.TaskService/PutTaskPhoto", { requestId: `photo-${taskId}-${digest}`, taskId, digest, mediaType, data });
      await this.store.write((stores) => stores.pictures.delete(digest));
    }
  }

  async tell() {
    const reports = (await this.store.all("queue")).slice(0, BATCH);
    if (!reports.length) return;
    const device = await this.device();
    const answer = await call("duty.TaskService/SubmitTaskReports", { requestId: requestId(), deviceCode: device, reports });
    const taken = (answer.outcomes ?? []).filter((one) => one.result !== "TASK_REPORT_RESULT_NOT_TAKEN");
    this.told.push(...taken.filter((one) => one.reason).map((one) => ({ ...one,
      task: this.tasks.find((task) => task.id === reports.find((report) => report.id === one.reportId)?.taskId) })));
    const isLost = (answer.outcomes ?? []).some((one) => one.reason === "ORDINAL_REUSED");
    await this.store.write((stores) => {
      for (const one of taken) stores.queue.delete(Number(one.ordinal));
      if (isLost) renumber(stores, reports.filter((report) => !taken.some((one) => one.reportId === report.id)));
    });
    if (taken.length || isLost) await this.tell();
  }

  async device() {
    const known = await this.store.state("device");
    if (known) return known;
    const device = requestId();
    await this.store.write((stores) => stores.state.put({ name: "device", value: device }));
    return device;
  }

  async fetch() {
    for (;;) {
      const syncToken = await this.store.state("token", "");
      const began = Date.now();
      const answer = await call("duty.TaskService/SyncTaskList", { beatId: this.beat, syncToken });
      const ahead = (began + Date.now()) / 2 - new Date(answer.serviceTime).getTime();
      await this.store.write((stores) => {
        if (answer.isFull) stores.tasks.clear();
        for (const id of answer.goneTaskIds ?? []) stores.tasks.delete(id);
        for (const task of answer.tasks ?? []) stores.tasks.put(task);
        for (const template of answer.templates ?? []) stores.templates.put({ key: `${template.code}/${template.version}`, template });
        stores.state.put({ name: "token", value: answer.syncToken });
        stores.state.put({ name: "ahead", value: ahead });
      });
      if (!answer.hasMore) return;
    }
  }
}

/** The phone has lost its count: what is not told yet begins anew under another name. */
function renumber(stores, reports) {
  stores.queue.clear();
  reports.forEach((report, index) => stores.queue.put({ ...report, ordinal: index + 1 }));
  stores.state.put({ name: "count", value: reports.length });
  stores.state.put({ name: "device", value: requestId() });
}

/** A picture made small enough for one message, named by what it holds. */
export async function pictureOf(blob) {
  const bytes = new Uint8Array(await (await smaller(blob)).arrayBuffer());
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const digest = Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return { digest, mediaType: bytes[0] === 0x89 ? "image/png" : "image/jpeg", data: base64(bytes) };
}

async function smaller(blob) {
  if (blob.type === "image/png" && blob.size < 200_000) return blob;
  const picture = await createImageBitmap(blob);
  const scale = Math.min(1, 1_600 / Math.max(picture.width, picture.height));
  const canvas = new OffscreenCanvas(Math.round(picture.width * scale), Math.round(picture.height * scale));
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas.convertToBlob({ type: "image/jpeg", quality: 0.8 });
}
