/** Owns the estimate of how many tokens a text is: without a tokenizer, and rather too many than too few. */

/** Upper estimate of the tokens of `text`: 3.2 ASCII characters a token, and 1.1 tokens for every other character (Hangul and CJK measure 0.7 to 1.1). */
export function estimateTokens(text: string): number {
  let wide = 0;
  for (let index = 0; index < text.length; index += 1) if (text.charCodeAt(index) > 127) wide += 1;
  return Math.ceil((text.length - wide) / 3.2 + wide * 1.1);
}
