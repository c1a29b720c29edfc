/** Owns what claw itself says on chat platforms, in Korean. */
import type { ENGLISH_CHAT } from './english-chat.ts';
import { josa } from './josa.ts';
import type { Texts } from './phrase.ts';

export const KOREAN_CHAT: Texts<typeof ENGLISH_CHAT> = {
  hello: (name) =>
    `안녕하세요, ${josa(name, '이에요/예요')}. 편하게 말을 걸어 주세요. 할 수 있는 일은 /help로 볼 수 있어요.`,
  readOnly: '여기서는 읽을 수만 있고 어시스턴트와 대화할 수는 없어요.',
};
