import { expect, test } from 'vitest';
import { learnByRules } from '../../../src/core/memory/learn-rules.ts';

const learned = (text: string) => learnByRules(text).map(({ category, key, value }) => `${category}/${key}: ${value}`);

test('plain statements of a person about themselves are learned, in English', () => {
  expect(
    learned("Hi, my name is Robin. I prefer tea over coffee. I don't like cilantro! I'm allergic to nuts"),
  ).toEqual([
    'user_info/name: Robin',
    'preferences/tea over coffee: prefers tea over coffee',
    'preferences/cilantro: does not like cilantro',
    'user_info/allergy: nuts',
  ]);
  expect(learned('I live in Gwangju\nI work as a baker.\nCall me Ro')).toEqual([
    'user_info/home: Gwangju',
    'user_info/work: a baker',
    'user_info/name: Ro',
  ]);
  expect(learned("No, actually, my dog's name is Biscuit.")).toEqual(["facts/dog's name: Biscuit"]);
  expect(learned('From now on, answer in short sentences.')).toEqual([
    'preferences/From now on, answer in short: From now on, answer in short sentences',
  ]);
});

test('and in Korean', () => {
  expect(learned('안녕하세요. 내 이름은 지수야. 나는 매운 음식을 좋아해. 저는 부산에 살아요.')).toEqual([
    'user_info/name: 지수',
    'preferences/매운 음식: 매운 음식: 좋아함',
    'user_info/home: 부산',
  ]);
  expect(learned('저는 땅콩 알레르기가 있어요. 제 생일은 5월 3일이에요. 제 차는 파란색이에요')).toEqual([
    'user_info/allergy: 땅콩',
    'user_info/birthday: 5월 3일',
    'facts/차: 파란색',
  ]);
  expect(learned('난 오이를 싫어해. 앞으로는 존댓말로 대답해 줘')).toEqual([
    'preferences/오이: 오이: 싫어함',
    'preferences/앞으로는 존댓말로 대답해 줘: 앞으로는 존댓말로 대답해 줘',
  ]);
});

test('questions, passing remarks and what only looks like a statement are left alone', () => {
  for (const text of [
    'Is my name Robin?',
    'my problem is that the build fails',
    'I like it',
    'never mind',
    'Call me back later',
    'my wife and I are going out',
    "I'd like a coffee",
    '내 질문은 이거야',
    '그는 커피를 좋아해',
    '',
  ])
    expect([text, learned(text)]).toEqual([text, []]);
});
