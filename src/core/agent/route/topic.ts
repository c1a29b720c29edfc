/** Owns what a topic may be that a model knows by heart: a few plain words. Anything that smells of this person's things, of this machine, of now or of an act is none. */

const words = (text: string): RegExp => new RegExp(`(?<![a-z])(?:${text.trim().replaceAll(/\s+/g, '|')})(?![a-z])`);

/** Each name is told as the reason. */
const ENGLISH: readonly (readonly [name: string, pattern: RegExp])[] = [
  [
    'somebody or something at hand',
    words(`
      my mine your yours our ours their theirs his her hers its it this that these those me i i'm im we us you u he she
      they them someone somebody everyone here there inside attached above below one ones other others same
      yourself himself herself themselves myself mom dad wife husband boss teams? compan(?:y|ies) offices? customers? clients? colleagues? friend sister brother doctor neighbou?r`),
  ],
  [
    'now, or some day',
    words(`
      now today tonight tomorrow yesterday current currently latest recent recently new news newest next last previous
      upcoming week weekend month tonight morning afternoon evening monday tuesday wednesday thursday friday saturday
      sunday time date schedule scheduled schedules calendar agenda deadline due live trending happening open closed until since ago
      still anymore yet already again soon later lately progress pending ready left remaining`),
  ],
  [
    'the world as it stands',
    words(`
      weather temperature forecast rain raining snow snowing price prices priced cost costs worth stocks? shares? rate
      rates exchange salary market trading traded score scores match result results election elections president
      minister chancellor ceo cto cfo mayor governor king queen pope champion champions winner winners population traffic
      flights? tickets? trains? hotels? restaurants? stores? shops? cafe pharmacy hospital near nearby nearest around best
      top cheap cheapest cheaper popular recommended recommendation rank ranking version versions release released
      releases update updates updated download sale rich richest famous leader owner headquarters usd euros? dollars? yen won btc`),
  ],
  [
    'things on this machine',
    words(`
      files? folders? director(?:y|ies) workspace repos? repository branch branches commits? code codebase scripts?
      functions? method bugs? errors? exception logs? tests? tested build builds server servers port ports process processes disk
      disks storage space screen screenshot terminal command commands npm git project projects program app apps database table
      rows? columns? spreadsheet sheet excel csv pdf docx? json yaml readme backup backups deploy deployment deployed access
      permissions? wifi wi-fi ip vpn printer camera microphone volume brightness lights device devices system prompt prompts
      instructions? config configuration settings? model models tools? plugins? skills? packages? dependency dependencies
      installed configured connected enabled disabled`),
  ],
  [
    'what somebody keeps',
    words(`
      tasks? reminders? alarms? timers? notes? lists? todos? to-dos? to-do emails? mails? inbox messages? chat chats channel channels
      conversations? meetings? appointments? events? contacts? phone address addresses passwords? logins? accounts?
      user username tokens? keys? secrets? memory memories remember remembered favou?rites? birthday anniversary orders?
      delivery package budgets? balance bills? invoices? usage spent spend spending expenses? attachments? documents? docs?
      page pages sites? websites? urls? links? images? pictures? photos? videos? songs? music playlist reports? letter cv
      resume policy policies guideline status state-of plan plans goal goals said told mentioned discussed earlier decided asked wrote-me`),
  ],
  [
    'an act',
    words(`
      then also plus delete remove erase wipe clear save store send create make write run rerun execute open close install
      search find look lookup google check verify show list read fetch browse book buy pay schedule remind set turn switch
      play pause stop start restart kill deploy upload post share publish tell call forward reply add append insert edit change rename
      move copy paste print scan convert export import sync sort count compare analy[sz]e fix debug refactor build monitor watch approve
      cancel undo redo retry continue proceed let use using via need want going do did done doing happen happened went wrong missing broken outage outages incident incidents issue issues failure failures crash crashes changes? changed`),
  ],
];

/** Whole words of Korean where a part of a word would catch too much, then parts of words. */
const KOREAN: readonly (readonly [name: string, pattern: RegExp])[] = [
  [
    'somebody or something at hand',
    /(?:^|\s)(?:내|내가|나|나는|난|나의|제|제가|저|저는|저희|우리|우린|네|니|너|너의|당신|이|그|저|이런|그런|저런|이것|그것|저것|이거|그거|저거|이게|그게|저게|이건|그건|저건|거|걔|얘|쟤|누가)(?=\s|$|[은는이가을를의도])|여기|거기|저기|여동생|남동생|엄마|아빠|아내|남편|부장|팀장|친구|[가-힣](?:대리|과장|차장|사원|님|씨)(?=\s|$|[은는이가의])|위에|아래|첨부|우리|(?:^|\s)팀/,
  ],
  [
    'now, or some day',
    /지금|현재|오늘|내일|어제|모레|그제|방금|아까|최근|최신|요즘|이번|다음|지난|저번|마지막|다시|계속|매일|매주|매달|매월|아침|점심|저녁|주말|요일|날짜|시각|몇 시|이제|벌써|아직|남은|진행|예정|올해|작년|내년|새로|신규|실시간/,
  ],
  [
    'the world as it stands',
    /날씨|기온|온도|미세먼지|뉴스|소식|속보|가격|시세|주가|주식|코스피|환율|금리|시가|매출|순위|랭킹|점수|경기|승자|우승|결과|선거|대통령|총리|장관|시장|대표|회장|사장|국왕|인구|맛집|식당|카페|병원|약국|근처|주변|추천|영업|항공|비행기|기차|버스|호텔|숙소|예약|버전|업데이트|출시|신작|유명|인기|부자|달러|유로|엔화|(?:^|\s)(?:주가|물가|유가)(?=\s|$)|금값|집값|얼마|로또|당첨|운세|길$|위치|일출|일몰/,
  ],
  [
    'things on this machine',
    /파일|화일|폴더|디렉|워크스페이스|작업|코드|함수|스크립트|버그|에러|오류|로그|테스트|빌드|서버|포트|프로세스|디스크|용량|화면|스크린|터미널|명령|프로젝트|저장소|브랜치|커밋|배포|백업|데이터베이스|디비|엑셀|시트|표에|와이파이|아이피|프린터|카메라|볼륨|음량|불 |조명|기기|장치|시스템|프롬프트|지시|설정|구성|모델|도구|툴|플러그인|패키지|권한|접속|연결/,
  ],
  [
    'what somebody keeps',
    /일정|약속|회의|알림|알람|타이머|할 ?일|과제|숙제|메모|노트|목록|리스트|메일|메세지|메시지|문자|채팅|대화|단톡|연락|전화|번호|주소|비번|암호|계정|아이디|로그인|토큰|열쇠|기억|생일|기념일|이름|회사|규정|규칙|정책|지침|계획|목표|예산|비용|지출|잔액|청구|주문|배송|택배|상태|문서|보고서|자료|서류|페이지|사이트|홈페이지|링크|사진|이미지|그림|영상|동영상|음악|노래|메뉴|답장|첨부|원고|이력서|문제|이슈|티켓/,
  ],
  [
    'an act',
    /삭제|지워|지우|제거|저장|보내|전송|생성|만들|작성|실행|돌려|돌리|열어|닫아|설치|검색|찾아|찾기|확인|조회|보여|읽어|예약|구매|결제|등록|알려|설정|켜|꺼|틀어|재생|멈춰|중지|시작|종료|올려|업로드|다운|공유|게시|추가|수정|변경|바꿔|옮겨|복사|출력|변환|정리|정렬|분석|비교|고쳐|승인|취소|되돌|하고|해서|해줘|그리고|말했|했던|했지|보냈|시켰|부탁/,
  ],
];

const LATIN_ONLY = /^[a-z' -]+$/;
/** Paths, names of files, addresses, flags, sums of money, mixed-in marks: no plain words. */
const ODD_MARKS = /[\\/_@#$€£₩¥%&*=<>{}[\]|+`^~]|\.[a-z0-9]|--|\d{3,}/;

/** Why a topic of at most `most` words is not one that a model knows by heart; undefined when it is. */
export function whyNoTopic(topic: string, most: number): string | undefined {
  if (topic.length > 60 || topic.split(' ').length > most) return 'long';
  if (ODD_MARKS.test(topic)) return 'marks';
  const english = /[a-z]/.test(topic) ? ENGLISH.find(([, pattern]) => pattern.test(topic)) : undefined;
  if (english !== undefined) return english[0];
  return LATIN_ONLY.test(topic) ? undefined : KOREAN.find(([, pattern]) => pattern.test(topic))?.[0];
}

/** What makes a Korean noun a particular one: `저장된 …`, `제일 …`, `볼만한 …`. */
const MODIFIER = /^(?:제일|가장|새|첫|몇|모든|어떤|무슨|어느|.*(?:[은는된한던할운린진긴] .*|[은는된한던할운린진긴]))$/;

/** Nouns that ask for something in particular when they stand alone: the conclusion, the reason, the amount of something at hand. */
const OF_SOMETHING =
  /(?:결론|요점|원인|이유|해결책|해법|해결|제목|금액|합계|총액|총합|평균|개수|수량|용도|정답|답|차이|업무|책임자|담당자|담당|참석자|내용|주제|핵심|단계|순서|방법|조건|옵션|선택지|선택|종류|특징|장점|단점|장단점|역할|의견|생각|소감|요구|요구사항|제안|항목|값|기간|기한|마감|장소|대상|상대|범위|비율|확률|기준|근거|출처|저자|작가|목적|의도|취지|조항|이벤트|행사|절차|요청|질문|대답|응답|반응|변화|영향|성과|실적|현황|상황|사정|사건|사고|선물|기능|재고|별명|직급|직책|직위|직함|기본값|브라우저|직업|취미|고향|나이|전공|증상|처방|진단|재료|성분|부작용|주의사항|준비물|장르|줄거리|등장인물|암호|코드|버튼|아이콘|색상|사이즈|크기|무게|높이|길이|우선순위|일|것|거|때|곳|분|수)(?:이|가|은|는)?$/;
/** Names of things that end like these. */
const NAMED_SO =
  /^(?:소수|무리수|유리수|정수|자연수|실수|허수|분수|함수|지수|홀수|짝수|대수|상수|변수|호수|향수|복수|단수|주파수|생일|평일|휴일|요일|과일|미일|단일|통일|독일|스타일|비타민 일)(?:이|가|은|는)?$/;

export function whyNoKoreanName(topic: string, most: number): string | undefined {
  const parts = topic.split(' ');
  const isOfSomething = OF_SOMETHING.test(topic) && !NAMED_SO.test(topic);
  if (isOfSomething || (parts.length > 1 && MODIFIER.test(parts[0] ?? ''))) return 'something particular';
  return whyNoTopic(topic, most);
}

/** A word that says how something is or what it does, where a name is expected: `what is running`. */
const NO_NOUN =
  /^(?:\w+(?:ing|able|ible|ed)|\w{2,}(?:iest|est)|up|wrong|missing|broken|available|next|left|free|different|possible|important|interesting|cool|good|better|best|nice|great|fair|fast|quick|safe|healthy|typical|average|normal|reasonable|fun|decent|suitable|absent|online|offline|late|present|first|second|third|responsible|going|so|not|in|on|at|for|to|about|with|from|under|over|behind|between|of|by|and|or|if|like|really|actually|even|just|only|more|most|less|all|any|some|every|each|both|what|who|where|when|why|how|which|connected|planned|the)$/;
/** Names of things that end like a verb. */
const NOUNS_IN_ING = /^(?:phishing|mining|programming|boxing|fencing|marketing|engineering|gerrymandering|fracking)$/;

const ENDS_IN_ING =
  /^(?:learning|engineering|programming|computing|processing|mining|marketing|thinking|lensing|poisoning|banking|warming|accounting|bowling|boxing|painting|ring|spring|string|king|wing|sibling|being|meaning|pudding|dumpling|earring)$/;
/** Whose it is, unless it is the name of something: `Ohm's law`. */
const SOMEBODYS =
  /[a-z]['s]*' |'s (?!laws?\b|principle\b|razor\b|cat\b|theorem\b|paradox\b|constant\b|number\b|box\b|disease\b|triangle\b|equation\b|theory\b)/;

/** Names that mean something only where they are said. */
const OF_THE_CASE =
  /(?:^| )(?:production|staging|prod|dev|main|master|options?|choices?|steps?|items?|phases?|sprint|milestones?|lunch|dinner|breakfast|payroll|attendance|inventory|revenue|sales|profit|turnover|rent|two|three|four|five|six|seven|eight|nine|ten|first|second|third|a|b|c|d|e|x|y|n|foo|bar|alice|bob|carol|dave|eve|tom|anna|john|mary)$/;

/** For a name: its first word must be a noun, and its last neither a preposition nor what somebody does. */
export function whyNoName(topic: string, most: number): string | undefined {
  const parts = topic.split(' ');
  const isNoun = (word = ''): boolean => NOUNS_IN_ING.test(word) || ENDS_IN_ING.test(word) || !NO_NOUN.test(word);
  const last = parts.at(-1) ?? '';
  if (SOMEBODYS.test(topic)) return "somebody's";
  if (OF_THE_CASE.test(topic)) return 'something particular';
  if (last.endsWith('ing') && !ENDS_IN_ING.test(last) && !NOUNS_IN_ING.test(last)) return 'what somebody does';
  if (!isNoun(parts[0]) || /^(?:in|on|at|of|for|to|up|with|from|about|by)$/.test(last)) return 'no name';
  return whyNoTopic(topic, most);
}

/** Text that came with the request to be worked on: it may say anything but point elsewhere or ask for something itself. */
export function whyNoText(text: string): string | undefined {
  if (text.length > 600) return 'long';
  if (/https?:|www\.|[\w-]+\.(?:[a-z]{2,5})(?:\/|\b)|@\w/.test(text)) return 'marks';
  if (/[{}<>;=]|\(\)/.test(text)) return 'code';
  const acts =
    /(?<![a-z])(?:delete|remove|erase|save|send|run|execute|remind|remember|forget|deploy|install|search|look up|google|post|upload|download|email|schedule|create|rename|commit|push|npm|git|restart|cancel|approve|then|and also|after that)(?![a-z])|삭제|지워|저장해|보내 ?줘|실행|돌려 ?줘|알려 ?줘|기억해|설치|검색|찾아 ?줘|올려 ?줘|업로드|다운로드|배포|취소해|만들어 ?줘|그리고 나서|한 ?다음/;
  return acts.test(text) ? 'an act' : undefined;
}
