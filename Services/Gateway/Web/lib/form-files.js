// Photos and signatures of a directive's form: each is sent in pieces before the feedback names it by its
// SHA-256. `attachments` says for whom: { directiveId, recipient }.
import { change } from "./api.js";
import { html, useState, useRef } from "./ui.js";
import { t } from "./strings.js";

const PIECE = 524_288;
const MOST = 8 * 1_048_576;
const TYPES = { "image/jpeg": "ATTACHMENT_TYPE_JPEG", "image/png": "ATTACHMENT_TYPE_PNG",
  "image/webp": "ATTACHMENT_TYPE_WEBP" };

const base64 = (bytes) => {
  let text = "";
  for (let at = 0; at < bytes.length; at += 8_192) text += String.fromCharCode(...bytes.subarray(at,
    at + 8_192));
  return btoa(text);
};

/** Sends one picture; answers its digest. */
export async function putAttachment(blob, { directiveId, recipient }) {
  const attachmentType = TYPES[blob.type];
  if (!attachmentType || blob.size > MOST) throw new Error(t("form.photo_refused"));
  if (!crypto.subtle) throw new Error(t("form.needs_tls"));
  const bytes = new Uint8Array(await blob.arrayBuffer());
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const digest = Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
  for (let piece = 1; (piece - 1) * PIECE < bytes.length; piece += 1) {
    await change("command.DirectiveService/PutAttachmentPiece", {
      directiveId, recipient, digest, attachmentType, totalBytes: String(bytes.length), piece,
      data: base64(bytes.subarray((piece - 1) * PIECE, piece * PIECE)),
    }, { timeout: 30_000 });
  }
  return digest;
}

function useSending(attachments, set) {
  const [state, setState] = useState("");
  const send = async (blobs, before = []) => {
    setState(t("form.sending"));
    try {
      const digests = [...before];
      // A page that works without a link keeps pictures itself: { keep }.
      const put = attachments.keep ?? ((blob) => putAttachment(blob, attachments));
      for (const blob of blobs) digests.push(await put(blob));
      set(digests);
      setState(t("form.files", { count: digests.length }));
    } catch (error) {
      setState(error.message);
    }
  };
  return [state, send];
}

export function PhotoInput({ field, value = [], set, id, attachments }) {
  const [state, send] = useSending(attachments, set);
  return html`<span class="files"><input id=${id} type="file" accept=${Object.keys(TYPES).join(",")}
    multiple=${(field.maxCount || 9) > 1} onChange=${(event) => send([...event.target.files], value)} />
    <output>${state}</output></span>`;
}

export function SignaturePad({ set, id, attachments }) {
  const canvas = useRef(null);
  const isDown = useRef(false);
  const [state, send] = useSending(attachments, set);
  const draw = (event, begins) => {
    const box = canvas.current.getBoundingClientRect();
    const pen = canvas.current.getContext("2d");
    const [x, y] = [(event.clientX - box.left) * (canvas.current.width / box.width),
      (event.clientY - box.top) * (canvas.current.height / box.height)];
    pen.lineWidth = 3;
    pen.lineCap = "round";
    if (begins) { pen.beginPath(); pen.moveTo(x, y); } else { pen.lineTo(x, y); pen.stroke(); }
  };
  const done = () => canvas.current.toBlob((blob) => send([blob]), "image/png");
  const clear = () => {
    canvas.current.getContext("2d").clearRect(0, 0, canvas.current.width, canvas.current.height);
    set([]);
  };
  return html`<span class="signature">
    <canvas id=${id} width="600" height="180" tabindex="0" aria-label=${t("form.sign_here")}
      onPointerDown=${(event) => { isDown.current = true; canvas.current.setPointerCapture(event.pointerId); draw(event, true); }}
      onPointerMove=${(event) => isDown.current && draw(event, false)}
      onPointerUp=${() => { isDown.current = false; done(); }}></canvas>
    <button type="button" onClick=${clear}>${t("form.clear")}</button><output>${state}</output>
      </span>`;
}
