// Owns the camera's part of a page (web/scan-page.ts, viewer): its buttons, its picture, and what is said when there is none.
import { byId, onClick, setText, show } from './dom.ts';
import { type Camera, codeInPicture, NoCamera, openCamera } from './scanner.ts';
import { word } from './words.ts';

export interface CameraPanel {
  stop(): void;
}

/** @param found gets every code; the camera goes on until it is stopped */
export function cameraPanel(found: (text: string) => void): CameraPanel {
  let camera: Camera | undefined;
  const showing = (on: boolean) => {
    show('viewer', on);
    show('camera-start', !on);
    show('camera-stop', on);
  };
  const stop = () => {
    camera?.stop();
    camera = undefined;
    showing(false);
    setText('camera-state', '');
  };
  onClick('camera-start', async () => {
    try {
      showing(true);
      camera = await openCamera(byId<HTMLVideoElement>('video'), found);
      setText('camera-state', word('check.scan.looking'));
      byId('camera-stop').focus();
    } catch (error) {
      showing(false);
      setText('camera-state', word(`check.scan.trouble.${error instanceof NoCamera ? error.trouble : 'busy'}`));
    }
  });
  onClick('camera-stop', () => {
    stop();
    byId('camera-start').focus();
  });
  byId<HTMLInputElement>('picture').addEventListener('change', async ({ target }) => {
    const input = target as HTMLInputElement;
    const file = input.files?.[0];
    if (!file) return;
    const text = await codeInPicture(file);
    input.value = '';
    if (text === undefined) setText('camera-state', word('check.scan.no-code-found'));
    else {
      setText('camera-state', '');
      found(text);
    }
  });
  // A camera that is on while nobody looks at the page is nobody's wish.
  addEventListener('pagehide', stop);
  document.addEventListener('visibilitychange', () => document.hidden && stop());
  show('camera');
  return { stop };
}
