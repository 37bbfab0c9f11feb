// Owns reading codes where the visitor is: from her camera, from a photo, from a scanner that types. Pictures never leave
// the device. What a code means and where it leads is leads.ts's.
/** Why there is no camera: refused by her or by a policy, none there, or one that gives no picture. */
export type CameraTrouble = 'refused' | 'none' | 'busy';

export class NoCamera extends Error {
  readonly trouble: CameraTrouble;
  constructor(trouble: CameraTrouble, cause?: unknown) {
    super(trouble, { cause });
    this.trouble = trouble;
  }
}

export interface Camera {
  stop(): void;
}

/** Between two looks at the picture: a phone's processor is not to be kept busy. */
const LOOK_EVERY_MS = 140;
/** Wide enough for a code that fills a third of the picture; more would only take longer. */
const LOOK_PIXELS = 720;
const PHOTO_PIXELS = 1600;

/** Loaded where a device has no reader of its own. */
async function jsqr() {
  const { default: reader } = await import('jsqr');
  // Packed before there were modules: its types say it is one, and it is the function itself.
  return reader as unknown as typeof reader.default;
}

type Detector = { detect(source: CanvasImageSource): Promise<readonly { readonly rawValue: string }[]> };

/** The device's own reader of codes, where it has one for QR codes. */
async function ownDetector(): Promise<Detector | undefined> {
  const made = (
    globalThis as {
      BarcodeDetector?: (new (options: object) => Detector) & { getSupportedFormats(): Promise<readonly string[]> };
    }
  ).BarcodeDetector;
  try {
    if (!made || !(await made.getSupportedFormats()).includes('qr_code')) return undefined;
    return new made({ formats: ['qr_code', 'data_matrix', 'code_128'] });
  } catch {
    return undefined;
  }
}

/**
 * Opens the camera at the back, shows it in `video` and tells every code it sees, the same one once in a row.
 * @throws NoCamera
 */
export async function openCamera(video: HTMLVideoElement, found: (text: string) => void): Promise<Camera> {
  const stream = await pictureOf();
  const detector = await ownDetector();
  const canvas = document.createElement('canvas');
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stopped = false;
  let last = '';
  const look = async () => {
    const text = await codeIn(video, video.videoWidth, video.videoHeight, { canvas, detector, pixels: LOOK_PIXELS });
    if (stopped) return;
    if (text !== undefined && text !== last) {
      last = text;
      found(text);
    }
    if (!stopped) timer = setTimeout(look, LOOK_EVERY_MS);
  };
  const stop = () => {
    stopped = true;
    clearTimeout(timer);
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
  };
  try {
    video.srcObject = stream;
    await video.play();
  } catch (error) {
    stop();
    throw new NoCamera('busy', error);
  }
  timer = setTimeout(look, 0);
  return { stop };
}

async function pictureOf(): Promise<MediaStream> {
  // There is none at all on pages that are not encrypted.
  if (!navigator.mediaDevices?.getUserMedia) throw new NoCamera('none');
  try {
    return await navigator.mediaDevices.getUserMedia({
      video: { facingMode: 'environment', width: { ideal: 1280 } },
      audio: false,
    });
  } catch (error) {
    const { name } = error as DOMException;
    if (name === 'NotAllowedError' || name === 'SecurityError') throw new NoCamera('refused', error);
    if (/^(NotFound|NotSupported|Overconstrained)Error$/.test(name)) throw new NoCamera('none', error);
    throw new NoCamera('busy', error);
  }
}

interface Means {
  readonly canvas: HTMLCanvasElement;
  readonly detector: Detector | undefined;
  readonly pixels: number;
}

async function codeIn(
  source: CanvasImageSource,
  width: number,
  height: number,
  { canvas, detector, pixels }: Means,
): Promise<string | undefined> {
  if (width === 0 || height === 0) return undefined;
  const scale = Math.min(1, pixels / Math.max(width, height));
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  const drawing = canvas.getContext('2d', { willReadFrequently: true });
  if (!drawing) return undefined;
  drawing.drawImage(source, 0, 0, canvas.width, canvas.height);
  if (detector) {
    const codes = await detector.detect(canvas).catch(() => []);
    return codes[0]?.rawValue;
  }
  const read = await jsqr();
  const { data } = drawing.getImageData(0, 0, canvas.width, canvas.height);
  return read(data, canvas.width, canvas.height)?.data || undefined;
}

/** The code on a photo; undefined if there is none, or it is no picture. */
export async function codeInPicture(file: Blob): Promise<string | undefined> {
  const picture = await createImageBitmap(file).catch(() => undefined);
  if (!picture) return undefined;
  const canvas = document.createElement('canvas');
  const detector = await ownDetector();
  try {
    // A code may be large on the photo or small: what is too coarse or too fine for one size is read in another.
    for (const pixels of [LOOK_PIXELS, PHOTO_PIXELS, LOOK_PIXELS / 2]) {
      const text = await codeIn(picture, picture.width, picture.height, { canvas, detector, pixels });
      if (text !== undefined) return text;
    }
    return undefined;
  } finally {
    picture.close();
  }
}

/** Nobody types this fast: such keys come from a scanner, which ends with Enter. */
const SCANNER_MS = 60;
const SHORTEST = 8;

/** Hears scanners that type, wherever the focus is except in a field: there the field itself gets what is typed. */
export function onTypedScan(found: (text: string) => void): void {
  let typed = '';
  let last = 0;
  document.addEventListener('keydown', (event) => {
    const { target, key, timeStamp } = event;
    if (target instanceof HTMLElement && target.matches('input, textarea, select, [contenteditable]')) return;
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (timeStamp - last > SCANNER_MS) typed = '';
    last = timeStamp;
    if (key === 'Enter') {
      if (typed.length < SHORTEST) return;
      // A button that has the focus is not meant.
      event.preventDefault();
      found(typed);
      typed = '';
    } else if (key.length === 1) typed += key;
  });
}
