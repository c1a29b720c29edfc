/** Owns the English clauses that a model without tools answers well. Each is a whole clause; only its topic is free. */
import type { Form } from './form.ts';

/** A form of alternatives that are whole clauses. */
const said = (name: string, ...alternatives: readonly string[]): Form => ({
  name,
  pattern: new RegExp(`^(?:${alternatives.join('|')})$`),
});
const asked = (name: string, pattern: string, more: Partial<Form> = {}): Form => ({
  name,
  pattern: new RegExp(`^(?:${pattern})$`),
  ...more,
});

const T = "(?<topic>[a-z][a-z' -]{1,50}?)";
const O = "(?<other>[a-z][a-z' -]{1,50}?)";
const BARE = "(?<bare>[a-z][a-z' -]{1,50}?)";
const WHO = '(?: (?:claw|there|everyone|all|friend|buddy|again|dear|my friend|bot))?';
const LANGUAGE =
  '(?:english|korean|japanese|chinese|mandarin|french|german|spanish|italian|portuguese|dutch|russian|latin|swedish|turkish|arabic|hindi|thai|vietnamese|polish|greek)';
const DIGITS = [...'0123456789'];
const NUMBER = '\\d{1,3}(?:\\.\\d{1,2})?';
const OPERATOR = '(?:\\+|-|−|\\*|x|×|/|÷|plus|minus|times|multiplied by|divided by|over)';
const WHAT_IS = "(?:what is|what's|whats|what are|what're|what was|what were)";
const UNIT =
  '(?:mm|cm|m|km|millimet(?:er|re)s?|centimet(?:er|re)s?|met(?:er|re)s?|kilomet(?:er|re)s?|inch(?:es)?|in|feet|foot|ft|yards?|miles?|g|kg|grams?|kilograms?|kilos?|pounds?|lbs?|ounces?|oz|lit(?:er|re)s?|ml|cups?|gallons?|celsius|fahrenheit|degrees celsius|degrees fahrenheit|seconds?|minutes?|hours?|days?|weeks?|months?|years?|decades?|centur(?:y|ies)|quarts?|pints?|tablespoons?|teaspoons?|dozen|bytes?|kilobytes?|megabytes?|gigabytes?|bits?)';

const TALK: readonly Form[] = [
  said(
    'greeting',
    `(?:hi+|he+y+|hello+|hiya|yo|howdy|greetings|good (?:morning|afternoon|evening|day)|morning|evening)${WHO}`,
    'nice to (?:meet|see) you(?: too)?|welcome back|long time no see|pleased to meet you',
    `happy (?:new year|birthday|holidays|easter|thanksgiving|halloween|friday|weekend)(?: to you)?|merry christmas`,
    'congrats|congratulations|cheers|good luck',
  ),
  said(
    'thanks',
    `(?:ok |okay |oh |wow |great |perfect |cool |nice |got it |many |no )?(?:thanks|thank you|thx|ty|tysm|thank u|thankyou|cheers)(?: (?:so much|very much|a lot|a bunch|a million|again|claw|for (?:the|your|all the|all your) (?:help|time|answer|explanation|tip|tips|support|kindness)|for (?:helping|explaining|that|everything|answering)(?: me)?|anyway))*`,
    'many thanks|much appreciated|i (?:really )?appreciate (?:it|that|your help)|thanks in advance|(?:you have|you.ve|youve) been (?:so |very |really |super |a great )*(?:helpful|kind|great|help|awesome)|that (?:was|is) (?:so |very |really )*helpful',
  ),
  said(
    'praise',
    `(?:(?:ha)+h? |(?:lo+l) |ok |okay |oh )?(?:that was |this was |that's |thats |that is |it was |you're |you are |you were |that's so |very |so |really |how |what an? )*(?:awesome|amazing|great|nice|cool|perfect|excellent|wonderful|brilliant|fantastic|lovely|sweet|good|helpful|funny|hilarious|interesting|clever|smart|the best|neat|impressive|beautiful|cute|kind)(?: (?:work|job|answer|one|explanation|stuff|bot|idea))?(?: claw)?`,
    'well done|good job|good work|nice work|awesome work|you rock|love it|i love (?:it|you|that)|i like you|wow|yay|hooray|i see|got it|understood|makes sense|that makes sense|good to know|no worries|never mind|nevermind|fair enough',
    '(?:ha)+h?|he(?:he)+|lo+l+|lmao|rofl|xd',
  ),
  said(
    'goodbye',
    `(?:bye+|bye ?bye|goodbye|good night|goodnight|gn|farewell|see ya|see you|see you (?:later|soon|tomorrow|around|then)|cya|ttyl|later|take care|talk to you (?:later|soon|tomorrow)|catch you later|until (?:tomorrow|next time)|have a (?:nice|good|great|lovely|wonderful) (?:day|night|evening|weekend|time|one|week)|sleep (?:well|tight)|sweet dreams|i'm off|gotta go)${WHO}`,
  ),
  said(
    'small talk',
    "how (?:are|r) (?:you|u)(?: (?:doing|feeling|today|doing today|feeling today|these days))?|how's it going(?: today)?|how is it going|hows it going|how do you do|what's up|whats up|sup|wassup|how have you been|how's life|how was your (?:day|weekend|week|night|morning|evening)|how is your day(?: going)?|how's your day(?: going)?",
    "(?:i'm|im|i am|i feel|i'm feeling|feeling|i am feeling) (?:so |very |a bit |a little |really |kind of |kinda |pretty |super |feeling )*(?:bored|tired|sad|happy|sleepy|lonely|excited|stressed|nervous|hungry|fine|good|great|ok|okay|down|exhausted|anxious|grumpy|blue)(?: today| tonight| right now| these days)?",
    '(?:i had|today was|it was) an? (?:long|rough|bad|good|great|hard|nice|tough|busy|lovely) (?:day|night|morning|evening|week|one)',
    "who are you|what are you|what's your name|what is your name|whats your name|are you (?:a |an )?(?:robot|bot|human|real|ai|person|machine|alive|happy|sad|okay|tired|bored|sentient|conscious)(?: person)?|do you (?:have (?:feelings|emotions|a name|a soul|dreams|hobbies|friends|a favou?rite colou?r)|sleep|dream|eat|like (?:cats|dogs|music|humans|people|coffee|pizza)|love me|like me|get (?:tired|bored))|how old are you|nice weather(?: today)?",
    '(?:say something|tell me something) (?:nice|funny|sweet|interesting|random)|cheer me up|make me (?:laugh|smile)|motivate me|compliment me|entertain me|give me (?:a compliment|some motivation|a hug|a pep talk)|sing (?:me )?a song for me',
  ),
  asked(
    'joke',
    `(?:(?:(?:tell|give|write|make|say)(?: me)?|got|do you know|know) )?(?:a|an|another|one|one more|some|two|any)(?: (?:short|good|quick|funny|silly|random|bad|dad|little|cute|knock-knock|easy|tiny))* (?:joke|jokes|fun fact|fun facts|riddle|riddles|pun|tongue twister|brain teaser|limerick|haiku|rhyme|fortune|proverb|quote|inspirational quote)(?: (?:about|on) ${BARE})?`,
    { most: 3 },
  ),
  asked(
    'verse',
    `(?:please )?(?:write|compose|make|give|tell)(?: me)? a(?: very)?(?: short| little| small| tiny| quick| four-line| two-line)? ?(?:haiku|poem|rhyme|limerick|couplet|verse|bedtime story)(?: (?:about|on|for) (?:the |a |an )?${BARE})?`,
    { most: 3 },
  ),
];

const MEANINGS: readonly Form[] = [
  asked('meaning', `(?:${WHAT_IS}|explain|define) an? ${BARE}`),
  asked('meaning', `(?:what is|what's|whats|what are|what're) ${BARE}|define (?!\\w*[^aiousc]s$)${O}`, { most: 3 }),
  asked('meaning', `explain (?:to me )?what ${BARE} (?:is|means)|explain ${O}`, { most: 1 }),
  asked('meaning', `(?:what) (?:an? )?${BARE} (?:is|are|means)`, { most: 3 }),
  asked('meaning', `${BARE} (?:meaning|definition)`, { most: 3 }),
  asked(
    'meaning',
    `what (?:does|do|did) (?:the )?(?:word |term |phrase |acronym |abbreviation |expression |idiom |prefix )?(?:Q|${BARE}) (?:mean|stand for)(?: in ${LANGUAGE})?`,
  ),
  asked(
    'meaning',
    `(?:the )?(?:${WHAT_IS} )?(?:the )?(?:meaning|definition|etymology|origin|plural|past tense|past participle|opposite|pronunciation|spelling) (?:of|for) (?:the )?(?:word |term |phrase |expression |idiom )?(?:Q|${BARE})`,
  ),
  asked(
    'meaning',
    `define (?:the )?(?:word |term |phrase )?Q|what(?:'s| is) Q|Q meaning|explain the (?:word|term|phrase|idiom|expression) Q`,
    { needs: ['Q'] },
  ),
  asked(
    'meaning',
    `(?:${WHAT_IS}|explain|define|state|describe) (?:the )?${T} (?:theorem|theory|effect|principle|law|paradox|cycle|equation|hypothesis|syndrome|method|fallacy|renaissance)`,
    { most: 3 },
  ),
  asked(
    'difference',
    `(?:${WHAT_IS} |explain |tell me )?(?:the )?differences? between (?:(?:an? |the )?${T}|Q) and (?:(?:an? |the )?${O}|Q)`,
    { most: 3 },
  ),
  asked(
    'word',
    `(?:(?:give me|name|list|what is|what's|what are|find)? ?(?:an?|the|some|one|two|three|four|five|another|a few)? ?(?:good )?)(?:synonyms?|antonyms?|opposites?|another word|rhymes?|another way to say) (?:of|for|to|with)? ?(?:the word )?(?:Q|${T})`,
    { most: 3 },
  ),
  asked('word', `what (?:rhymes with|is the word for|word means the opposite of) (?:Q|${BARE})`, { most: 2 }),
  asked(
    'word',
    `how (?:do|would) (?:you|i) (?:spell|pronounce) (?:Q|${BARE})|is Q a (?:real )?(?:word|noun|verb|adjective|adverb)|is it Q or Q|which is correct Q or Q`,
    { most: 2 },
  ),
  asked('word', `(?:please )?(?:use|put) (?:the word )?(?:Q|${BARE}) in an? (?:short |simple )?(?:english )?sentence`, {
    most: 1,
    needs: ['sentence'],
  }),
  asked(
    'word',
    `(?:give me|write|make)(?: me)? (?:an?|one|two|three|some)? ?(?:short |simple )?(?:example )?(?:sentence|sentences|example)(?: sentences?)? (?:with|using|for|of|containing) (?:the word )?(?:Q|${BARE})`,
    { most: 2 },
  ),
];

const FACTS: readonly Form[] = [
  asked(
    'fact',
    `(?:${WHAT_IS} )?(?:the )?(?:capital|capital city|chemical symbol|chemical formula|symbol|atomic number|boiling point|freezing point|melting point|speed|national animal|national flower|official language|square root|cube root|formula|plural form|roman numeral|currency) (?:of|for) (?:a |an |the )?(?:${T}|\\d{1,3})`,
    { most: 3 },
  ),
  asked(
    'fact',
    `who (?:wrote|painted|invented|discovered|composed|sculpted|first climbed|directed) (?:the )?(?:novel |book |play |poem )?(?:Q|${T})|who was ${BARE}|who (?:is|was) (?:albert einstein|einstein|isaac newton|newton|shakespeare|william shakespeare|mozart|beethoven|napoleon|cleopatra|julius caesar|galileo|leonardo da vinci|da vinci|picasso|van gogh|marie curie|charles darwin|darwin|abraham lincoln|gandhi|socrates|plato|aristotle|confucius|king sejong|homer)`,
    { most: 4 },
  ),
  asked(
    'fact',
    `(?:when|in (?:what|which) year|what year) did (?:the )?(?:(?:first |second )?world war(?: (?:ii|i|2|1|two|one|1))?|ww ?[12]|(?:american |french |russian |industrial )?(?:civil war|revolution)|cold war|korean war|vietnam war|titanic|berlin wall|roman empire|soviet union|middle ages|renaissance|great depression|black death) (?:end|begin|start|sink|fall|collapse|break out|take place)`,
    { needs: [' did '] },
  ),
  asked(
    'fact',
    `(?:when|in (?:what|which) year|what year) (?:was|were) (?:the )?${BARE} (?:invented|discovered|born|founded|built|signed|painted)`,
    { most: 4 },
  ),
  asked(
    'fact',
    `how many (?:days|weeks|months|hours|minutes|seconds|years) (?:are |is )?(?:there )?(?:are )?in (?:an? |one )?(?:leap year|common year|year|month|week|day|hour|minute|decade|century|millennium|fortnight|january|february|march|april|may|june|july|august|september|october|november|december)`,
    { needs: ['how many'] },
  ),
  asked(
    'fact',
    `how many (?:legs|arms|eyes|hearts|wings|teeth|bones|stomachs|moons|strings|sides|corners|keys|feet|tentacles|brains|humps|horns|edges|faces|valves) (?:does|do) (?:an? |the )(?:adult |human |typical )?(?<other>[a-z]{3,20}(?: [a-z]{3,20})?) have|how many (?:legs|arms|eyes|hearts|wings|teeth|bones|stomachs|tentacles) do (?:spiders|insects|ants|humans|octopuses|cows|bees|butterflies|dogs|cats|crabs|squids|snails|people|adults|birds) have|how many bones are (?:there )?in the human body`,
    { most: 2 },
  ),
  asked(
    'fact',
    `how many (?:continents|oceans|planets|seasons|vowels|letters|colou?rs|players|squares|cards|suits|zeros|chromosomes|states|time zones|moons)(?: (?:are|do we have|does))?(?: there)?(?: are)?(?: (?:in|on|of|does) (?:the |a |an |one )?(?:world|earth|solar system|year|rainbow|(?:english |korean |greek )?alphabet|(?:soccer|football|basketball|baseball|volleyball) team|chess ?board|deck(?: of cards)?|million|billion|mars|jupiter|saturn|human cell|us|usa|united states)(?: have)?)?`,
    { needs: ['how many'] },
  ),
  asked('fact', `how many ${UNIT} (?:are |is )?(?:there )?(?:in|make|equal) (?:a|an|one|${NUMBER}) ${UNIT}`, {
    needs: ['how many'],
  }),
  asked(
    'fact',
    `why (?:is|are) (?:the )?(?:sky|sea|ocean|grass|leaves|blood|snow|sun|moon|water|fire|clouds?|flamingos|ice|rainbows?|bananas|night|mars|sunsets?|tomatoes|carrots|the sky) (?:so )?(?:blue|green|red|white|yellow|salty|wet|hot|cold|pink|slippery|colou?rful|dark|orange|round)(?: at night)?`,
    { needs: ['why'] },
  ),
  asked(
    'fact',
    `why (?:do|don't|can't|can) (?:cats|dogs|birds|bees|bears|camels|giraffes|penguins|frogs|snakes|bats|whales|dolphins|sharks|butterflies|cicadas|rabbits|cows|horses|mosquitoes|onions|leaves|stars|plants|flowers|babies|magnets|boats|ships|planes|airplanes|fish|spiders|zebras|owls|cheetahs|chickens|roosters|ducks|trees|elephants|volcanoes|tides|planets|we|people|humans) ${T}`,
    { needs: ['why'] },
  ),
  asked(
    'fact',
    `is (?<name>[a-z]+) an? (?:planet|dwarf planet|star|mammal|fruit|vegetable|bird|fish|reptile|insect|metal|gas|continent|country|city|language|verb|noun|adjective|adverb|prime number|real word|word)|is an? (?<topic>[a-z]+(?: [a-z]+)?) (?:an? )(?<other>[a-z]+(?:,? or (?:an? )?[a-z]+)?)|are (?:all )?(?<bare>[a-z]+) (?:fruits?|vegetables?|mammals?|birds?|fish|reptiles?|amphibians?|insects?|arachnids?|animals?|plants?|nuts?|herbs?|herbivores?|carnivores?|metals?|planets?|stars?|berries)(?: or (?:fruits?|vegetables?|mammals?|birds?|fish|reptiles?|insects?|plants?|nuts?))?`,
    { most: 4 },
  ),
  asked(
    'fact',
    `(?:${WHAT_IS}|which is|name|what's) the (?:largest|biggest|smallest|tallest|highest|longest|deepest|fastest|hottest|coldest|closest|heaviest) (?:planet|ocean|continent|country|mountain|river|desert|lake|animal|land animal|mammal|bird|organ|bone|island|waterfall|fish|prime number|even prime)(?: (?:in|on|of|to) (?:the )?(?:world|earth|solar system|human body|ocean|sea|sun|africa|asia|europe|korea|south america))?`,
    { needs: ['est '] },
  ),
  asked(
    'fact',
    `(?:what|which) (?:day|month) comes (?:after|before) (?:monday|tuesday|wednesday|thursday|friday|saturday|sunday|january|february|march|april|may|june|july|august|september|october|november|december)|what (?:language|languages) (?:is|are|do they|do people) (?:spoken|speak) in ${BARE}|which planet is (?:known as |called )?the red planet|how (?:long|tall|high|deep|big|old|heavy|fast) is (?:the |an? )?(?:marathon|mount everest|eiffel tower|great wall of china|nile|amazon|mariana trench|blue whale|elephant|universe|earth|sun|moon|giraffe|cheetah)|how far is the (?:moon|sun)(?: from (?:the )?earth)?|at what temperature does water (?:boil|freeze)|what are the (?:three |four |five |seven )?(?:primary colou?rs|states of matter|seasons|continents|oceans|days of the week|colou?rs of the rainbow)`,
    { most: 2 },
  ),
  asked(
    'how-to',
    `how (?:do (?:you|i)|to|long (?:do|should) (?:you|i)) (?:boil|cook|fry|poach|peel|make|brew) (?:an? |the |some )?(?:soft[- ]|hard[- ]|boiled |scrambled |fried )*(?:eggs?|rice|pasta|spaghetti|noodles|tea|coffee|pancakes?|toast|potatoes|ramen|oatmeal|omelette|porridge)|how (?:do (?:you|i)|to) (?:tie a (?:tie|bow tie|knot|shoelace)|fold a (?:shirt|paper plane)|whistle|juggle|say no politely)`,
    { needs: ['how '] },
  ),
  asked(
    'draft',
    `(?:write|make|give)(?: me)? an? (?:short |one-line |brief |simple |quick |two-sentence |nice |funny |sweet |warm )*(?:birthday|thank[- ]you|get[- ]well|wedding|congratulations?|welcome|apology|good morning|goodbye|christmas|new year(?:'s)?|farewell) (?:message|wish|wishes|greeting|note|card|line|text)(?: for (?:an? |my )(?:friend|colleague|coworker|mom|mother|dad|father|sister|brother|teacher|boss|wife|husband|neighbou?r))?`,
    { needs: ['message', 'wish', 'greeting', 'note', 'card', 'line', 'text'] },
  ),
  asked(
    'draft',
    `(?:suggest|give me|think of|come up with|recommend)(?: me)? (?:an?|some|two|three|five|a few) (?:cute |funny |good |nice |cool |short |unique )*names? for (?:an? |my )?(?:new )?(?:cat|dog|puppy|kitten|hamster|goldfish|parrot|rabbit|turtle|pet|bird|fish)`,
    { needs: ['name'] },
  ),
  asked(
    'small talk',
    `what(?:'s| is) your favou?rite (?:colou?r|food|movie|book|song|animal|season|number|sport|joke|word|fruit|drink|band|hobby)|do you (?:like|prefer) (?:summer|winter|spring|autumn|cats|dogs|tea|coffee)(?: or (?:summer|winter|spring|autumn|cats|dogs|tea|coffee))?|(?:cats or dogs|dogs or cats|tea or coffee|coffee or tea|summer or winter|winter or summer)`,
  ),
  asked(
    'fact',
    `what colou?r (?:do you get|is made|results) (?:when|if|by) (?:you )?mix(?:ing)? [a-z]+ (?:and|with) [a-z]+|what colou?r is (?:an? |the )?(?:sky|sun|moon|grass|ruby|emerald|sapphire|banana|flamingo|lemon)|what do (?:cows|bees|pandas|koalas|cats|horses|giraffes|penguins|whales|rabbits) eat|what sound does an? [a-z]+ make`,
  ),
  asked(
    'list',
    `(?:name|list|tell me|give me) (?:me )?(?:the )?(?:two|three|four|five|six|seven|2|3|4|5|some|a few|all the|all)? ?(?<topic>(?:primary |secondary |warm |cold |rainbow )?(?:colou?rs|planets|continents|oceans|seasons|fruits|vegetables|animals|birds|mammals|reptiles|trees|flowers|countries|european countries|instruments|metals|noble gases|shapes|vowels|senses|months|sports|emotions|gemstones|insects|dog breeds))(?: (?:in|of) (?:europe|asia|africa|the rainbow|the solar system|the year))?`,
    { needs: ['name', 'list', 'tell', 'give'] },
  ),
  asked(
    'arithmetic',
    `(?:${WHAT_IS} |calculate |compute |how much is |how much are )?(?:the (?:sum|product) of )?${NUMBER}(?: ?${OPERATOR} ?${NUMBER}){1,2} ?=?`,
    { needs: DIGITS },
  ),
  asked(
    'arithmetic',
    `(?:${WHAT_IS} |how much is )?${NUMBER} ?(?:%|percent) of ${NUMBER}|(?:${WHAT_IS} )?(?:the )?(?:half|double|square|square root|cube) of ${NUMBER}|(?:${WHAT_IS} )?${NUMBER} (?:squared|cubed)|is ${NUMBER} (?:a )?(?:prime|even|odd)(?: number)?`,
    { needs: DIGITS },
  ),
  asked(
    'conversion',
    `(?:convert |how (?:much|many|long|far) is |${WHAT_IS} )?${NUMBER} ?${UNIT} (?:to|in|into|is how many|as) ${UNIT}|how many ${UNIT} (?:is|are) ${NUMBER} ?${UNIT}`,
    { needs: DIGITS },
  ),
  asked(
    'explanation',
    `(?:explain|describe) ${BARE} (?:in|with|using) (?:one|two|a|a few|simple|plain|1|2) ?(?:short |simple )?(?:sentences?|words|terms|english|line|lines)|(?:explain|describe) ${O} (?:to|for|like i'm|like i am|as if i were) (?:a |an )?(?:child|kid|five|5|five year old|beginner|10 year old)(?: year old)?(?: in (?:one|two|three|a few) (?:short )?sentences?)?|(?:briefly|simply) (?:explain|describe) ${T}`,
    { most: 3 },
  ),
];

const WHAT_TEXT =
  '(?:(?:this|the|the following|that|following)(?: short)?(?: (?:sentence|text|phrase|word|paragraph|line|message|words|expression))?)';
const REWRITE = [
  `(?:translate|put|say|write)(?: ${WHAT_TEXT})?(?: from ${LANGUAGE})?(?: in| ?to| into)? ${LANGUAGE}`,
  `(?:${LANGUAGE}) translation(?: of)?|(?:in|to) ${LANGUAGE}`,
  `(?:rephrase|reword|paraphrase|rewrite|proofread|correct|simplify|polish|shorten|improve|summari[sz]e|fix|edit|spell-?check)(?: ${WHAT_TEXT})?(?: (?:more |to sound more |to be more |so it sounds more )?(?:politely|formally|casually|simply|clearly|concisely|polite|formal|casual|friendly|professional|concise|natural|naturally))?(?: in (?:one|a single|two|simple|a few|three) (?:sentence|sentences|words|line|english))?`,
  `make (?:${WHAT_TEXT}|it) (?:sound )?(?:more |a bit |much |a bit more )?(?:shorter|polite|formal|simpler|clearer|friendlier|casual|concise|natural|longer|politer|professional|friendly)`,
  `(?:fix|correct|check) (?:the )?(?:grammar|spelling|punctuation|typos|grammar and spelling|spelling and grammar)(?: (?:of|in|for) ${WHAT_TEXT})?`,
  `(?:is|are) ${WHAT_TEXT} (?:grammatically )?correct|what does ${WHAT_TEXT} mean|summary(?: in one sentence)?|tl;?dr(?: of ${WHAT_TEXT})?`,
].join('|');

const TEXTS: readonly Form[] = [
  asked('given text', REWRITE, { text: 'given' }),
  asked(
    'given text',
    `(?:${REWRITE}) Q|translate Q(?: from ${LANGUAGE})? (?:to|into|in) ${LANGUAGE}|Q in ${LANGUAGE}|is Q (?:grammatically )?correct|(?:rephrase|reword|paraphrase|rewrite|shorten|proofread|summari[sz]e) Q(?: (?:more )?(?:politely|formally|casually|in one sentence|in ${LANGUAGE}))?`,
    { needs: ['Q'] },
  ),
  asked(
    'translation',
    `(?:please )?translate (?!.*(?:chapters?|slides?|books?|essay|blog|thread|transcript|subtitles?|manual|contract|menu|text|paragraph|sentence|section|articles?|paper|novel|lyrics|caption|comments?)\\b)(?:the (?:word|phrase|expression) )?(?<topic>[a-z][a-z' ]{1,40}?) (?:to|into) ${LANGUAGE}`,
    { most: 3 },
  ),
  asked(
    'translation',
    `how (?:do|would|can) (?:you|i|we) say (?:Q|${T}) in ${LANGUAGE}|(?:${WHAT_IS} )?(?:the )?${LANGUAGE} (?:word|words|term|translation|equivalent) (?:for|of) (?:Q|${O})|${WHAT_IS} (?:Q|${BARE}) in ${LANGUAGE}`,
    { most: 4 },
  ),
];

/** In the order in which they are tried. */
export const ENGLISH_FORMS: readonly Form[] = [...TALK, ...TEXTS, ...FACTS, ...MEANINGS];
