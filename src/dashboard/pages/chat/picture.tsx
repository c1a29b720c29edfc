/** Owns a picture of a message: small in its place, large in the browser's own dialog when it is pressed. */
import { type ReactNode, useState } from 'react';
import { Dialog } from '../../components/dialog.tsx';
import { useTexts } from '../../language/use-texts.ts';

interface PictureProps {
  readonly source: string;
  readonly name: string;
}

export function Picture({ source, name }: PictureProps): ReactNode {
  const { chat, state } = useTexts();
  const [isLarge, setLarge] = useState(false);
  const said = name === '' ? chat.attachedPicture : name;
  return (
    <>
      <button type="button" className="chat-picture" aria-label={chat.enlarge(said)} onClick={() => setLarge(true)}>
        <img src={source} alt={said} loading="lazy" />
      </button>
      {isLarge ? (
        <Dialog title={said} onClose={() => setLarge(false)}>
          <img className="chat-large-picture" src={source} alt={said} />
          <form method="dialog" className="actions">
            <button type="submit">{state.close}</button>
          </form>
        </Dialog>
      ) : null}
    </>
  );
}
