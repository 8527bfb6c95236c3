"""What customers write in English."""

from .language import Cues, Language, counted

_THING = (
    r"(?:invoices?|bills?|amounts?|balances?|payments?|transfers?|money|funds|rest|remainder|total|sum"
    r"|cheques?|checks?|it|this|that|they|everything)"
)
_PAY = (
    r"(?:pay|settle|clear|transfer|wire|remit|send (?:you )?(?:the |your |a )?(?:money|payment|amount"
    r"|balance|funds|rest|cheque|check)"
    r"|(?:make|do|arrange|process|release|execute|send) (?:\w+ )?(?:bank )?(?:payment|transfer|payments|invoice))"
)
_PAID = (
    r"(?:paid|settled|transferred|wired|remitted|cleared|sent (?:you )?(?:the|a|our|your) (?:payment|money"
    r"|transfer|cheque|check)"
    r"|(?:made|done|executed|processed) (?:the|this|a|that|our|your) (?:bank )?(?:payment|transfer))"
)
_ADVERBS = (
    r"(?:(?:already|now|just|both|all|also|in full|in fact|long since|long ago|fully|definitely|certainly|then"
    r"|both|\w+ly) )*"
)
_GOODS = (
    r"(?:goods|deliver(?:y|ies)|items?|orders?|products?|parcels?|packages?|shipments?|boxes|machines?"
    r"|parts?|materials?"
    r"|services?|works?|repairs?|chairs?|tables?|devices?|pallets?|units?|installation|furniture)"
)
_CLAIM = (
    r"(?:invoices?|amounts?|prices?|bills?|quantit(?:y|ies)|totals?|charges?|rates?|vat|sums?|figures?"
    r"|calculations?|billing|hours)"
)
_ACCOUNTS = (
    r"(?:account(?:ing|s|ant|ants)?|finance|bookkeep\w+|payables|head ?office|headquarters|colleagues?|billing|treasury"
    r"|successor|landlord|parent company|insolvency administrator|\S+@\S+)"
)
_MESSAGES = r"(?:e-?mails?|mails?|messages?|reminders?|texts?|sms|letters|calls?|phone calls?|these|this|anything)"

ENGLISH = Language(
    code="en",
    function_words=(
        "the and of to a in is it you that was for on are with as i his they be at have this from or had by not but"
        " what we can your said there each which do how if will up about out them then she so would these her him has"
        " our us my me please could been were no just when thank thanks hello dear regards already"
    ),
    months=counted(
        1,
        "january jan",
        "february feb",
        "march mar",
        "april apr",
        "may",
        "june jun",
        "july jul",
        "august aug",
        "september sept sep",
        "october oct",
        "november nov",
        "december dec",
    ),
    weekdays=counted(
        0,
        "monday mon",
        "tuesday tue tues",
        "wednesday wed",
        "thursday thurs thu",
        "friday fri",
        "saturday sat",
        "sunday sun",
    ),
    numbers={
        "a": 1,
        "an": 1,
        "one": 1,
        "two": 2,
        "a couple of": 2,
        "three": 3,
        "four": 4,
        "five": 5,
        "six": 6,
        "seven": 7,
        "eight": 8,
        "nine": 9,
        "ten": 10,
        "twelve": 12,
        "fourteen": 14,
        "fifteen": 15,
        "twenty": 20,
        "thirty": 30,
    },
    units={
        "(?:working|business|bank(?:ing)?) days?": "bank_day",
        "days?": "day",
        "weeks?": "week",
        "months?": "month",
    },
    days=(
        (r"{month}\.? {day}(?:st|nd|rd|th)?(?!\d)(?:,? {year})?", "day_month"),
        (r"{day}(?:st|nd|rd|th)?(?: of|-)?(?: |-)?{month}\.?(?:,?(?: |-){year})?", "day_month"),
        (r"the day after tomorrow", "day+2"),
        (r"tomorrow(?: morning| afternoon| evening)?", "day+1"),
        (r"(?:later )?today|this (?:morning|afternoon|evening)|tonight", "day+0"),
        (r"the day before yesterday", "day-2"),
        (r"yesterday(?: morning| afternoon| evening)?", "day-1"),
        (r"{weekday}(?: of)? next week|next week(?: on)? {weekday}", "weekday+1"),
        (r"{weekday}(?: of)? last week|last week(?: on)? {weekday}", "weekday-1"),
        (r"(?:the )?week after next", "week+2"),
        (r"(?:(?:by |at |before )?the end of |later |during |in the course of )?next week", "week+1"),
        (r"(?:the end of |later |during )?(?:this|the) week(?! of)", "week+0"),
        (r"last week", "week-1"),
        (r"(?:the )?(?:first days|beginning|start) of next month|early next month", "beginning+1"),
        (r"(?:the )?middle of next month|mid(?:dle)? next month", "middle+1"),
        (r"(?:the )?middle of (?:the|this) month|mid-?month", "middle+0"),
        (r"(?:the )?end of next month|(?:in the course of |during )?next month", "month+1"),
        (r"(?:the )?end of (?:the|this) month|month(?: |-)?end|(?:later )?this month", "month+0"),
        (r"the {day}(?:st|nd|rd|th)? of next month", "day_of_month+1"),
        (r"the {day}(?:st|nd|rd|th)? of (?:this|the) month", "day_of_month+0"),
        (r"(?:the )?(?:end of|late) {month}(?: {year})?", "end_of"),
        (r"(?:the )?(?:middle of |mid[ -]){month}(?: {year})?", "middle_of"),
        (r"(?:the )?(?:beginning of|start of|early)(?: in)? {month}(?: {year})?", "beginning_of"),
        (r"(?:in|during) {month}(?: {year})?", "end_of"),
        (r"next {weekday}", "next_weekday"),
        (r"last {weekday}", "weekday-1"),
        (r"(?:this |coming |the coming )?{weekday}", "weekday"),
        (
            (
                r"(?:in|within)(?: the next)? {number}(?: more| to \d+)? {unit}(?:'s? time)?"
                r"|{number} {unit} from (?:now|today)"
            ),
            "after",
        ),
        (r"{number} {unit} ago", "ago"),
        (r"the {day}(?:st|nd|rd|th)(?! (?:time|reminder|floor|instal\w+))", "day_of_month"),
    ),
    decimal=".",
    open_start=(r"(?:not before|not until|after|from|starting|as of|since|earliest)(?: on)?(?: the)?",),
    of_document=(
        (
            r"(?:invoices?|letters?|reminders?|e-?mails?|messages?|statements?|orders?|deliver(?:y|ies)|bills?"
            r"|notes?|mails?)"
            r"(?: (?:no\.? ?)?\S*\d\S*)? (?:of|dated|from|due|sent|received)(?: on)?(?: the)?"
        ),
        r"(?:dated|due(?: on| date)?|fell due on|was due(?: on)?|expired on|delivered on|ordered on)(?: the)?",
    ),
    not_amounts=(
        (
            r"(?:invoices?|inv|order|no|nr|number|#|ref|reference|customer|account|ticket|phone|tel|po|your"
            r"|po box|street|room|case)"
            r"(?: no| number| nr)?[.:#]? ?#?\d[\d .,]*"
        ),
        (
            r"\d+ (?:days?|weeks?|months?|hours?|years?|minutes?|times?|pieces?|pcs|units?|people|employees"
            r"|invoices?|items?|boxes|percent)"
        ),
        r"\d+ (?:\w+ )?(?:street|st|road|avenue)",
        r"(?:at|by|around) \d+(?: ?[ap]m| o'clock)?",
    ),
    clause_words=(
        r"but",
        r"however",
        r"although",
        r"though",
        r"and(?= (?:i|we|he|she|they|it|will|the|have|has) )",
        r"because",
    ),
    conditions=(
        r"if",
        r"once",
        r"unless",
        r"until",
        r"till",
        r"provided",
        r"as long as",
        r"assuming",
        r"should you",
        r"in case",
        r"as soon as(?! (?:possible|i can|we can))",
        r"(?:only )?when (?:you|your|we (?:receive|get|have)|i (?:receive|get|have)|the|our|it|they)",
        r"(?:up)?on receipt",
        r"after (?:you|receipt|receiving|we|i|your|the|our)",
        r"whether",
        r"before (?:we|i|you)",
    ),
    negations=(
        r"not",
        r"\w+n't",
        r"cannot",
        r"never",
        r"no longer",
        r"neither",
        r"nor",
        r"without",
        r"nothing",
        r"nobody",
        r"dont",
        r"havent",
        r"didnt",
        r"wont",
        r"no",
    ),
    absences=(
        (
            r"(?:i am|i'm|am|is) (?:currently |now )?(?:out of (?:the )?office|away|on (?:holiday|leave"
            r"|vacation)|travell?ing) .{0,40}(?:until|till|from|returning|back|with)"
        ),
        r"out of office",
        r"(?:limited|no) access to (?:my )?e-?mails?",
        r"automatic reply",
        r"will (?:return|be back)(?: to the office| in the office)? on",
        r"(?:ticket|request) (?:has been|was) (?:created|received|opened)",
    ),
    closings=(
        (
            r"(?:(?:with )?(?:kind(?:est)?|best|warm|many)? ?regards|(?:all the )?best(?: wishes)?|cheers"
            r"|sincerely|yours(?: \w+)?"
            r"|(?:many )?thanks|thank you|greetings)(?:[ ,.!]+(?:and )?(?:(?:kind|best) regards"
            r"|\w+)?)?(?: \w+){0,2}[,.! ]*$"
        ),
    ),
    stop_alone=(
        r"stop",
        r"stop ?all",
        r"unsubscribe",
        r"cancel",
        r"end",
        r"quit",
        r"revoke",
        r"opt ?-?out",
        r"remove me",
    ),
    abbreviations=(
        r"no",
        r"nr",
        r"inv",
        r"approx",
        r"mr",
        r"mrs",
        r"ms",
        r"dr",
        r"st",
        r"ref",
        r"tel",
        r"incl",
        r"excl",
        r"etc",
        r"ltd",
        r"inc",
        r"co",
        r"e\.g",
        r"i\.e",
        r"jan",
        r"feb",
        r"mar",
        r"apr",
        r"jun",
        r"jul",
        r"aug",
        r"sept?",
        r"oct",
        r"nov",
        r"dec",
    ),
    cues={
        "promise": Cues(
            plain=(
                (
                    r"(?:will|'ll|shall|(?:am|are|is|'re|'m) going to|intends? to|plans? to|promises? to"
                    r"|commits? to|undertakes? to|gonna)"
                    rf" {_ADVERBS}(?:be able to )?{_PAY}"
                ),
                (
                    rf"{_THING}(?: (?:of|no|number|from|dated) .{{0,30}})? (?:will|'ll|shall|(?:is"
                    rf"|are) going to) {_ADVERBS}be {_ADVERBS}(?:made|paid|settled|cleared|sent|done"
                    r"|transferred"
                    r"|wired|processed|executed|released|with you|in your (?:bank )?account|on your account)"
                ),
                (
                    r"you(?: will|'ll| shall) (?:have|get|receive|see) (?:your|the|our) (?:money|payment|funds"
                    r"|transfer|balance|amount|full amount)"
                ),
                rf"{_THING} (?:will|'ll) (?:go|leave|come|follow|arrive|reach you)",
                r"(?:will|'ll) (?:take care of|see to) (?:the|this|your) (?:payment|invoice|transfer)",
            ),
            dated=(
                (
                    r"(?:i|we|he|she|they|customer|client)(?: can| are able to"
                    rf"| am able to)? {_ADVERBS}(?:{_PAY}|pays|settles|transfers)"
                ),
                (
                    r"(?:am|are|is|be|'m|'re) (?:paying|transferring|wiring|settling|sending (?:the|you"
                    r"|a) .. (?:payment|money|cheque|check|transfer))"
                ),
                r"promise[sd]?",
                r"you(?: will|'ll| shall) (?:have|get|receive|see) (?:it|the|your|a)",
                (
                    rf"{_THING} (?:is|are|has been|have been) {_ADVERBS}(?:scheduled|planned|set up|programmed"
                    r"|lined up|approved|booked|included|due to go)"
                ),
                rf"{_THING} (?:goes|go|is going|are going|leaves|follows|arrives)",
                r"(?:payment|transfer) (?:on|by|at|for|before|no later than|tomorrow|today|next|in|within)",
                r"(?:in|with|part of|on) (?:our|the|this|my) (?:\w+ )?(?:payment run|pay run|payments)",
                r"(?:can|could|will) only pay",
                r"paying by",
                r"expect(?:s|ed|ing)? to pay",
            ),
            unless=(
                r"pay (?:close |more )?attention",
                r"pay (?:you )?a visit",
                r"pay nothing",
                r"who (?:will|'ll|is going to) pay",
                r"you(?: will|'ll| are going to) (?:pay|settle|transfer)",
                r"(?:hope|try|would like|want|wish|aim)(?:s|ing)? to (?:pay|settle)",
                r"(?:maybe|perhaps|might|probably not|not sure|don't know|cannot promise|can't promise)",
                r"you (?:promised|said|told|asked|want|demand|require|request|offered|agreed)",
                r"your promise",
                r"(?:each|every) (?:month|week|year)",
                r"(?:pay|paid|paying) (?:me|us)(?! \w+ly)",
                r"dispute|contest",
                r"said (?:\w+ )?would",
                r"(?:our|my|his|their|the) (?:\w+ )?(?:customers|clients?|insurance|tenants?) (?:will|'ll)? ?pays?",
                r"(?:only |not )?(?:pay|settle) .{0,30}(?:a cent|a penny)",
            ),
        ),
        "already_paid": Cues(
            plain=(
                rf"(?:have|has|had|'ve|'s) {_ADVERBS}(?:been )?{_ADVERBS}{_PAID}",
                rf"(?:was|were|got) {_ADVERBS}(?:paid|settled|transferred|wired|cleared)",
                r"(?:is|are) (?:already |all |long since |fully |now |both )+(?:paid|settled|cleared)",
                rf"{_THING} (?:is|are) (?:paid|settled)$",
                rf"(?:i|we|he|she|they|customer|client|and) {_ADVERBS}(?:did )?{_PAID}",
                (
                    r"(?:payment|transfer|money) (?:was|has been|is|'s) (?:already )?(?:made|sent|done"
                    r"|executed|out|initiated|released|on its way|on the way|underway)"
                ),
                r"(?:payment|transfer|money) (?:went|has gone|has already gone) (?:out|through|off)",
                r"(?:left|debited from|been debited from|taken from|gone from) (?:our|my|the) (?:bank )?account",
                (
                    r"(?:attached|enclosed|attach|enclose|find|here is|see) .. (?:proof of payment"
                    r"|payment confirmation|payment receipt|bank statement|remittance advice"
                    r"|transfer confirmation)"
                ),
                r"already paid|paid already|already settled|settled already|paid in full",
                r"(?:cheque|check|payment) is in the (?:post|mail)",
                r"^paid(?: (?:\d.*|yesterday|today|on|last|this|by|via|with|it|the)|$)",
            ),
            unless=(
                r"always paid",
                r"(?:get|got|be|being|been|was|were|are|am) paid (?:by|from|for my)",
                r"paid (?:me|us)",
                r"paid the wrong",
                r"send (?:me|us) .. (?:proof|receipt|confirmation|statement)",
                r"(?:will|would|should|must|could|shall|to) have (?:been )?paid",
                r"you have (?:already )?(?:not )?(?:sent|made)",
                r"(?:thought|believed|assumed|sure|know|remember) .. paid",
                r"paid (?:holiday|leave)",
                r"(?:our|my|his|their) (?:\w+ )?(?:customers?|clients?|tenants?) (?:has|have|had) (?:\w+ )?paid",
                r"(?:refund|deposit|credit note) .. (?:paid|settled)",
                r"to be paid",
            ),
        ),
        "dispute": Cues(
            plain=(
                (
                    r"(?:dispute[sd]?|contest(?:s|ed|ing)?|challenge|disputing|disagree with"
                    r"|reject) (?:the|this|that|your|these|both|all|it|invoice|an?|part)"
                ),
                rf"{_CLAIM} .. (?:wrong|incorrect|false|inaccurate|mistaken|excessive|overstated|too high|inflated)",
                (
                    r"wrong (?:amount|price|quantity|goods|items?|products?|articles?|vat|rate|size|colou?r"
                    r"|discount|total)"
                ),
                rf"{_GOODS} .. (?:damaged|broken|defective|faulty|incomplete|missing|unusable|not as ordered|wrong)",
                rf"(?:damaged|broken|defective|faulty|wrong|missing) (?:\w+ )?{_GOODS}",
                (
                    r"(?:wait(?:ing)? for|need|await(?:ing)?|owe us|owe me|missing|promised|where is"
                    r"|expect(?:ing)?|issue|outstanding) .. credit (?:note|memo)"
                ),
                r"(?:filed|made|sent|raised|opened|lodged) .. complaint",
                r"complaint (?:about|is still|of|regarding|remains|number)",
                r"complained",
                r"(?:over|double|twice)[- ]?(?:charged|billed|invoiced)",
                (
                    r"(?:billed|charged|invoiced) (?:us |me )?(?:twice|double|too much|for something|for goods"
                    r"|for items|for \w+ we)"
                ),
                r"duplicate (?:invoice|bill)",
                r"(?:agreed|quoted|offered) (?:a |an |the )?(?:\w+ )?(?:price|discount|rate|amount) (?:was|of|is)",
                r"price (?:was|of)? ?agreed",
                r"refus(?:e|es|ing) to pay",
                r"object(?:s|ed|ing)? to (?:the|this|your) (?:invoice|amount|price|bill|charge|claim)",
                r"withhold(?:ing)?",
                r"(?:price|amount|quantity|invoice) .. (?:differs?|does not match|doesn't match)",
                (
                    r"(?:correct(?:ed)?|amend(?:ed)?|revised?|rectif(?:y|ied)) (?:the |this |your "
                    r"|that )?(?:invoice|bill|amount|price)"
                ),
                (
                    r"(?:already )?(?:cancelled|returned|sent back) .. (?:order|goods|items?|subscription"
                    r"|contract|machine|product|delivery|it|them)"
                ),
                r"not (?:what|as) (?:we |i |was |had been )?(?:\w+ )?(?:ordered|agreed)",
                r"(?:discount|rebate) .. (?:missing|forgotten|left out)",
                r"(?:mistake|error) (?:in|on|with) (?:the|your|this) (?:invoice|bill|amount|price|calculation)",
            ),
            negative=(
                (
                    r"(?:never|not|\w+n't|havent|didnt) (?:yet )?(?:ordered|order|asked for|requested|signed"
                    rf"|agreed|agree)(?: .. {_GOODS}| to (?:this|that|these|the)| this| that| it"
                    r"| any(?:thing)?|$)"
                ),
                (
                    r"(?:never|not|\w+n't|havent|didnt|nothing) (?:yet )?(?:received?|got|been delivered"
                    r"|delivered|arrived)(?: (?:the|any|these|those|all|your|our|half of the|complete"
                    rf"|full))* {_GOODS}"
                ),
                (
                    rf"{_GOODS} .. (?:never|not|\w+n't) (?:\w+ )?(?:arrived?|received|delivered|come"
                    r"|work(?:ing|ed|s)?|finished|completed?|done|usable|correct|ok|match|meet)"
                ),
                (
                    rf"{_CLAIM} .. (?:not|\w+n't) (?:\w+ )?(?:correct|right|ours|mine|ok|in order|as agreed"
                    r"|justified|owed|match|agreed|valid)"
                ),
                (
                    r"(?:will not|won't|wont|not going to|not willing to|do not intend to|are not paying"
                    r"|am not paying|shall not) (?:be paying |pay |accept |settle )?.{0,40}(?:until|unless"
                    r"|before|as long as|because|a cent|a penny|anything|this (?:invoice|bill|amount)"
                    r"|for (?:this|that|these|something|goods|work))"
                ),
                r"(?:do|does|can|did)(?: not|n't) (?:owe|accept|recogni[sz]e|agree (?:with|to)|match|correspond)",
                r"cannot accept",
                r"not (?:paying|owe)",
                r"not (?:what|as) (?:we |i |was |had been )?(?:\w+ )?(?:ordered|agreed)",
                r"nothing (?:was|has been|had been) (?:delivered|ordered|done)",
                r"refus(?:e|es|ing) (?:this|the|your) (?:invoice|bill|amount)",
                (
                    r"(?:discount|rebate|credit note|return) .. not (?:\w+ )?(?:deducted|applied|taken"
                    r"|considered|included|credited)"
                ),
            ),
            unless=(
                r"(?:not|\w+n't|never) (?:\w+ )?(?:disput\w+|contest\w*|challeng\w+|object\w*|complain\w*)",
                r"no (?:complaints?|disputes?|objections?|issues?)",
                r"nothing (?:is |was )?wrong",
                r"(?:our|my) (?:mistake|error|fault|system|bank)",
                r"undisputed",
                r"won't be able|will not be able|not be able to pay",
                r"(?:invoice|amount|everything) (?:is|was|looks) (?:correct|right|fine|ok|perfect)$",
                r"(?:wrong|incorrect) (?:account|iban|bank|reference)",
                r"(?:bank|card|link|page|website|portal) .. (?:error|wrong|incorrect)",
            ),
        ),
        "hardship": Cues(
            plain=(
                (
                    r"(?:cash ?-?flow|liquidity|financial|money|payment) (?:\w+ )?(?:problems?|difficult\w+"
                    r"|troubles?|issues?|shortage|squeeze|hardship|crisis|bottleneck|constraints?|situation)"
                ),
                r"short of (?:cash|money|funds)",
                r"(?:lost|losing) (?:my|his|her|our) (?:job|biggest customer|main customer|work)",
                r"unemployed",
                r"(?:made|been made) redundant",
                r"insolven\w+",
                r"bankrupt\w*",
                r"going out of business",
                r"in (?:the )?hospital",
                r"struggling",
                r"(?:money|cash|things|business) (?:is|are) (?:\w+ )?(?:tight|very slow|bad)",
                (
                    r"(?:pay|paying|settle|split|spread|repay) .. (?:in|by|into"
                    r"|over) (?:\w+ )?(?:instal?lments?|small(?:er)? amounts|stages|parts|several months)"
                ),
                r"(?:payment|instal?ment|repayment) (?:plan|arrangement|schedule)",
                r"instal?lments (?:be|would be|are)? ?possible",
                r"(?:seriously|very) ill",
                r"(?:difficult|hard) (?:financial|economic|time|times|period|situation)",
                r"close (?:our|my|the) (?:business|shop|company)",
                r"broke$",
                r"overdrawn",
            ),
            negative=(
                (
                    r"(?:can not|cannot|can't|cant|could not|couldn't|unable to|not able to|won't be able to"
                    r"|not in a position to|no way to)(?: \w+){0,3}? (?:pay|afford|settle|transfer"
                    r"|find the money)"
                ),
                r"(?:not|\w+n't|dont|doesnt) (?:have|got)(?: \w+){0,3}? (?:money|funds|cash)",
                r"(?:have|has|got|is|'s|with) no (?:\w+ )?(?:money|funds|cash|income|work)",
                r"(?:not|\w+n't) afford",
                r"no money (?:left|at the moment|right now)",
            ),
            unless=(
                r"online",
                r"(?:by|with) (?:\w+ )?(?:card|paypal)",
                r"link",
                r"portal",
                r"web ?site",
                r"web ?page",
                r"button",
                r"log ?in",
                r"iban",
                r"account number",
                r"bank details",
                r"until you",
                r"before you",
                r"without (?:the|a|an|your|seeing)",
                r"because (?:the|your) (?:invoice|link|page|form)",
                r"twice",
                (
                    r"(?:no|not in|not a|without) (?:\w+ )?(?:financial|cash ?flow|liquidity"
                    r"|money) (?:\w+ )?(?:problems?|difficult\w+|troubles?|issues?|matter)"
                ),
                r"(?:your|you are|you're) (?:\w+ )?(?:financial|struggling|bankrupt)",
                r"purchase order",
                r"wrong",
                r"not received",
            ),
        ),
        "wrong_person": Cues(
            plain=(
                (
                    r"wrong (?:person|contact|number|address|company|department|recipient|e-?mail(?: address)?"
                    r"|mailbox|customer|guy|addressee)"
                ),
                (
                    r"(?:please|kindly|you (?:should|need to|must|have to|can|could|may)|better"
                    r"|pls)(?: \w+){0,2}? (?:contact|write to|ask|address|forward|speak to|talk to|turn to"
                    rf"|send|e-?mail|call|direct|get in touch with|reach out to) .. {_ACCOUNTS}"
                ),
                r"(?:has|have|had) left (?:the|our|this) (?:company|firm|business|organi[sz]ation)",
                r"left the company",
                r"new contact (?:for|is|person)",
                r"(?:mis)?directed to the wrong|meant for someone else|intended for (?:someone|somebody) else",
                r"(?:confus\w+|mistak\w+) (?:me|us) (?:with|for) (?:someone|another)",
            ),
            negative=(
                (
                    r"(?:no longer|not|\w+n't) (?:employed|in charge|the (?:right|correct) (?:person|contact"
                    r"|address|company))"
                ),
                r"(?:no longer|not|\w+n't) work(?:ing)? (?:for|at|here|there|with|in)",
                r"no longer (?:work(?:s|ing)?|with|at|part of|responsible|my|our|the owner)",
                r"(?:not|\w+n't) (?:with|at) (?:the|this) company any ?more",
                r"not (?:the )?(?:right|correct|responsible|competent) (?:person|contact|address|department|company)",
                (
                    r"not responsible for (?:invoices?|payments?|this (?:invoice|account|company)|accounting"
                    r"|accounts|the accounts|paying)"
                ),
                r"not (?:my|our) (?:company|invoice|account|responsibility|department|bill|customer number)",
                r"never heard of (?:this|that|you|your|the)",
                r"(?:do not|don't|dont) know (?:this|that|the) (?:company|person|customer)",
                r"(?:do not|don't) (?:handle|deal with) (?:invoices|payments|accounts|accounting)",
                r"(?:am|'m) not (?:mr|mrs|ms) \w+",
            ),
            unless=(
                r"deliver\w*",
                r"shipped",
                r"goods",
                r"credit note",
                r"(?:have|i've|we've|has been|was|will) (?:\w+ )?forward(?:ed)?",
            ),
        ),
        "stop": Cues(
            plain=(
                (
                    r"(?:stop|quit|cease) (?:\w+ ){0,2}?(?:e-?mailing|mailing|writing|contacting|calling"
                    r"|ringing|texting|messaging|bothering|harassing|spamming|pestering|sending (?:me "
                    rf"|us )?(?:\w+ ){{0,2}}?{_MESSAGES})"
                ),
                rf"stop (?:all |these |the |your )+(?:\w+ )?{_MESSAGES}",
                r"unsubscribe",
                r"opt(?:ing)? out",
                (
                    r"(?:remove|delete|take) (?:me|us|my|our) .{0,30}(?:list|database|system|distribution"
                    r"|records|mailing|file)"
                ),
                r"leave (?:me|us) alone",
                rf"no (?:more|further) (?:{_MESSAGES}|contact|communication)",
                r"cease (?:all )?(?:communication|contact|correspondence)",
            ),
            negative=(
                (
                    r"(?:not|\w+n't|never|dont) (?:ever )?(?:contact|e-?mail|mail|write|write to|call|text"
                    r"|message|bother|disturb|send) (?:me|us)?.{0,25}(?:again|any ?more|any longer|ever"
                    r"|any (?:more|further) \w+)"
                ),
                (
                    r"(?:not|\w+n't|dont) (?:want|wish|like) (?:to (?:receive|get|be sent)"
                    rf"|any)(?: \w+){{0,2}}? {_MESSAGES}"
                ),
                r"(?:not|\w+n't) (?:want|wish|like) to (?:be contacted|hear from you)",
                r"(?:do not|don't|dont|never) (?:contact|e-?mail|write to|call|text|message) (?:me|us)$",
            ),
            unless=(
                r"(?:needed|necessary|required|unnecessary)",
                r"stop(?:ped)? (?:the )?(?:delivery|deliveries|production|work|payment|order|subscription|shipment)",
                r"(?:paper|post(?:al)?|printed) (?:invoices?|letters?)",
                r"sending (?:me |us )?(?:the |your )?(?:invoices?|goods|newsletters?)",
                r"newsletter",
                r"(?:until|during|while|on) (?:my|the|our) (?:holiday|vacation|weekend)",
            ),
        ),
    },
)
