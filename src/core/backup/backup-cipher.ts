/**
 * Owns the encryption of backups: AES-256-GCM over pieces of 64 KiB, each under its own number, the last one marked, so that
 * no piece can be changed, moved, repeated or cut off (the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár, 2015).
 */
import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto';
import { Transform, type TransformCallback } from 'node:stream';
import { ClawError } from '../kernel/errors.ts';
import type { BackupHeader } from './backup-frame.ts';

type Encryption = NonNullable<BackupHeader['encryption']>;

const PIECE_BYTES = 64 * 1024;
const TAG_BYTES = 16;
const LOG_N = 17;
const KEY_BYTES = 32;
/** Least characters of a pass-phrase. */
const MIN_PASSPHRASE = 12;

/** Fresh parameters for a backup that is about to be written. */
export function newEncryption(): Encryption {
  return { cipher: 'aes-256-gcm-64k', kdf: 'scrypt', log_n: LOG_N, salt: randomBytes(16).toString('hex') };
}

/** The key that a pass-phrase makes; takes about half a second. Throws `usage-invalid` for a short one. */
export async function deriveKey(passphrase: string, { log_n: logN, salt }: Encryption): Promise<Buffer> {
  if ([...passphrase].length < MIN_PASSPHRASE) {
    throw new ClawError('usage-invalid', `A pass-phrase of a backup has ${MIN_PASSPHRASE} characters or more.`);
  }
  const N = 2 ** logN;
  const options = { N, r: 8, p: 1, maxmem: 256 * N * 8 };
  return new Promise((resolve, reject) => {
    scrypt(passphrase.normalize('NFC'), Buffer.from(salt, 'hex'), KEY_BYTES, options, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}

/** Encrypts what is written to it. `header`: the bytes before, which are authenticated too. */
export function encrypts(key: Buffer, header: Buffer): Transform {
  return new Pieces(PIECE_BYTES, (piece, number, isLast) => {
    const cipher = createCipheriv('aes-256-gcm', key, nonceOf(number, isLast));
    cipher.setAAD(header);
    return Buffer.concat([cipher.update(piece), cipher.final(), cipher.getAuthTag()]);
  });
}

/** Decrypts what is written to it. Fails with `auth-rejected` for a wrong key, `data-invalid` for anything that was changed after its first piece. */
export function decrypts(key: Buffer, header: Buffer): Transform {
  return new Pieces(PIECE_BYTES + TAG_BYTES, (piece, number, isLast) => {
    if (piece.length < TAG_BYTES) throw broken(number);
    const decipher = createDecipheriv('aes-256-gcm', key, nonceOf(number, isLast), { authTagLength: TAG_BYTES });
    decipher.setAAD(header);
    decipher.setAuthTag(piece.subarray(-TAG_BYTES));
    try {
      return Buffer.concat([decipher.update(piece.subarray(0, -TAG_BYTES)), decipher.final()]);
    } catch {
      throw broken(number);
    }
  });
}

function broken(number: number): ClawError {
  if (number > 0) return new ClawError('data-invalid', 'The encrypted backup is damaged.');
  return new ClawError('auth-rejected', 'The pass-phrase does not open this backup.');
}

/** Twelve bytes: the number of the piece, and whether it is the last. A key is used for one backup only. */
function nonceOf(number: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeBigUInt64BE(BigInt(number), 3);
  nonce[11] = isLast ? 1 : 0;
  return nonce;
}

/** Cuts a stream into pieces of `size` bytes, the last one shorter, and passes on what `change` makes of each. */
class Pieces extends Transform {
  readonly #size: number;
  readonly #change: (piece: Buffer, number: number, isLast: boolean) => Buffer;
  #waiting: Buffer[] = [];
  #length = 0;
  #number = 0;

  constructor(size: number, change: (piece: Buffer, number: number, isLast: boolean) => Buffer) {
    super();
    this.#size = size;
    this.#change = change;
  }

  override _transform(chunk: Buffer, _: BufferEncoding, done: TransformCallback): void {
    this.#waiting.push(chunk);
    this.#length += chunk.length;
    done(this.#tell(() => this.#pushWhole()));
  }

  override _flush(done: TransformCallback): void {
    done(this.#tell(() => this.push(this.#change(Buffer.concat(this.#waiting), this.#number, true))));
  }

  /** A piece is passed on once it is known not to be the last. */
  #pushWhole(): void {
    if (this.#length <= this.#size) return;
    let all = Buffer.concat(this.#waiting);
    for (; all.length > this.#size; all = all.subarray(this.#size)) {
      this.push(this.#change(all.subarray(0, this.#size), this.#number, false));
      this.#number += 1;
    }
    this.#waiting = [all];
    this.#length = all.length;
  }

  #tell(work: () => unknown): Error | null {
    try {
      work();
      return null;
    } catch (error) {
      return error as Error;
    }
  }
}
