/** Owns telling how much time is left. Pure. */

const MINUTE_S = 60;
const HOUR_S = 3_600;

/** `4:09`, or `1:04:09`; milliseconds below a second are rounded up. */
export function timeLeft(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const two = (value: number): string => String(value).padStart(2, '0');
  const minutes = Math.floor((seconds % HOUR_S) / MINUTE_S);
  const rest = two(seconds % MINUTE_S);
  return seconds >= HOUR_S ? `${Math.floor(seconds / HOUR_S)}:${two(minutes)}:${rest}` : `${minutes}:${rest}`;
}
