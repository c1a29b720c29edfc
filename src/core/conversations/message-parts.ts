/** Owns how what a person sent becomes parts of a message: masked, labelled with where it came from, and unable to pass for anything else. */
import type { ImagePart, Part, TextPart } from '../kernel/messages.ts';

type Mask = (text: string) => string;

/** The person's own words. `role` of the sender decides the label: an admin's are the owner's. */
export function wordsPart(mask: Mask, text: string, role: string): TextPart {
  return { type: 'text', text: mask(text.normalize('NFC')), provenance: role === 'admin' ? 'owner' : 'user' };
}

/** The text of a file that came with a message; it cannot close its own fence. */
export function filePart(mask: Mask, { name, text }: { readonly name: string; readonly text: string }): Part {
  const body = text.replaceAll(/<(?=\/?\s*file\b)/gi, '&lt;');
  const label = name.replaceAll(/["<>\r\n]/g, '_');
  return { type: 'text', text: mask(`<file name="${label}">\n${body}\n</file>\n`), provenance: 'file' };
}

/** A picture that came with a message. */
export function imagePart(name: string, mediaType: string, bytes: Uint8Array): ImagePart {
  return { type: 'image', mediaType, data: Buffer.from(bytes).toString('base64'), name, provenance: 'file' };
}

/** A remark of claw's own about the message. */
export function remarkPart(text: string): TextPart {
  return { type: 'text', text: `[${text}]\n`, provenance: 'claw' };
}
