/** Owns the Korean texts of the words that pages share. */
import type { Texts } from './texts.ts';

export const koreanWords: Pick<Texts, 'words'> = {
  words: {
    name: '이름',
    state: '상태',
    kind: '종류',
    reason: '이유',
    when: '시각',
    created: '만든 시각',
    updated: '바뀐 시각',
    actions: '작업',
    role: '역할',
    id: '식별자',
    value: '값',
    source: '출처',
    search: '검색',
    remove: '삭제',
    enable: '켜기',
    disable: '끄기',
    version: '버전',
    never: '없음',
    expires: '만료',
    details: '자세히',
    size: '크기',
    text: '내용',
    title: '제목',
    all: '전체',
    model: '모델',
    user: '사용자',
  },
};
