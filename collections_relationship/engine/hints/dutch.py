"""What customers write in Dutch."""

from .language import Cues, Language, counted

_PAY = (
    r"(?:betalen|voldoen|overmaken|overboeken|vereffenen|storten|afbetalen|(?:in orde|in gang) (?:brengen"
    r"|maken|zetten)|verrichten|uitvoeren|regelen)"
)
_DONE = r"(?:betaald|voldaan|overgemaakt|overgeboekt|vereffend|gestort|afgeschreven|afgelost)"
_DOES = r"(?:betaal|betaalt|voldoe|voldoet|stort|maak .{0,40}? over|maken .{0,40}? over|boek .{0,40}? over)"
_THING = (
    r"(?:factu(?:ur|ren)|betaling(?:en)?|bedrag(?:en)?|overschrijving|overboeking|geld|saldo"
    r"|restant(?:bedrag)?|rest|termijn|alles|het|deze|dit|die|rekening)"
)
_GOODS = (
    r"(?:goederen|levering(?:en)?|artikel(?:en)?|bestelling(?:en)?|product(?:en)?|pakket(?:ten)?"
    r"|zending(?:en)?|onderde(?:el|len)|machines?|materiaal|materialen|diensten?|werk(?:en|zaamheden)?"
    r"|reparatie|stoel(?:en)?|meubels?|doz(?:en)?|pallets?|installatie|spullen)"
)
_CLAIM = (
    r"(?:factu(?:ur|ren)|bedrag(?:en)?|prij(?:s|zen)|hoeveelhe(?:id|den)|btw|totaal|tarie(?:f|ven)|berekening"
    r"|facturatie|aantal|uren|rekening)"
)
_MESSAGES = (
    r"(?:e-?mails?|mails?|mailtjes|berichten|berichtjes|herinneringen|aanmaningen|sms(?:'?en|jes)?|brieven"
    r"|telefoontjes|oproepen)"
)
_ACCOUNTS = (
    r"(?:boekhouding|boekhoud(?:er|ster)|administratie|financiële afdeling|crediteuren\w*|hoofdkantoor"
    r"|collega'?s?|opvolg(?:er|ster)|accountant|curator|\S+@\S+)"
)

DUTCH = Language(
    code="nl",
    function_words=(
        "de het een en van ik te dat die in is niet op aan met voor er om wij we zijn heb hebben heeft "
        "ook als maar bij nog uit naar"
        " dan wat kan u uw ons onze mijn mij deze dit zal zullen worden wordt werd al reeds geen beste "
        "geachte groet dank bedankt"
        " goedemorgen goedendag hallo vriendelijke alvast jullie je hij zij"
    ),
    months=counted(
        1,
        "januari jan",
        "februari feb",
        "maart mrt",
        "april apr",
        "mei",
        "juni jun",
        "juli jul",
        "augustus aug",
        "september sept sep",
        "oktober okt",
        "november nov",
        "december dec",
    ),
    weekdays=counted(0, "maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"),
    numbers={
        "een|één": 1,
        "twee": 2,
        "drie": 3,
        "vier": 4,
        "vijf": 5,
        "zes": 6,
        "zeven": 7,
        "acht": 8,
        "negen": 9,
        "tien": 10,
        "twaalf": 12,
        "veertien": 14,
        "vijftien": 15,
        "twintig": 20,
        "dertig": 30,
    },
    units={
        "(?:werkdagen|werkdag|bankdagen)": "bank_day",
        "dag(?:en)?": "day",
        "we(?:ek|ken)": "week",
        "maand(?:en)?": "month",
    },
    days=(
        (r"{day}(?:e|ste)? {month}(?:,? {year})?", "day_month"),
        (r"overmorgen", "day+2"),
        (r"morgen(?:ochtend|middag|avond)?", "day+1"),
        (r"vandaag(?: nog)?|vanmiddag|vanmorgen|vanochtend|vanavond|heden", "day+0"),
        (r"eergisteren", "day-2"),
        (r"gisteren(?:avond|middag|ochtend)?", "day-1"),
        (r"volgende week(?: op)? {weekday}|{weekday} (?:van )?volgende week", "weekday+1"),
        (r"vorige week(?: op)? {weekday}|{weekday} (?:van )?vorige week", "weekday-1"),
        (r"over twee weken|de week erna", "day+14"),
        (r"(?:begin |eind |einde |in de loop van |in )?(?:volgende|komende|aanstaande) week", "week+1"),
        (r"(?:eind(?:e)? |in de loop van |nog )?(?:deze|van de) week|het einde van de week|weekeinde", "week+0"),
        (r"(?:vorige|afgelopen) week", "week-1"),
        (r"(?:begin|eerste dagen)(?: van)?(?: de)? (?:volgende|komende) maand", "beginning+1"),
        (r"(?:half|midden|medio)(?: van)?(?: de)? (?:volgende|komende) maand", "middle+1"),
        (r"(?:half|midden|medio)(?: van)?(?: de| deze) maand", "middle+0"),
        (r"(?:(?:het )?eind(?:e)?(?: van)?(?: de)? )?(?:volgende|komende) maand", "month+1"),
        (r"(?:het )?eind(?:e)?(?: van)?(?: de| deze) maand|maandeinde|(?:nog )?deze maand", "month+0"),
        (r"(?:de )?{day}(?:e|ste)? van (?:volgende|komende) maand", "day_of_month+1"),
        (r"(?:de )?{day}(?:e|ste)? van deze maand|{day} dezer", "day_of_month+0"),
        (r"(?:het )?eind(?:e)?(?: van)? {month}(?: {year})?", "end_of"),
        (r"(?:half|midden|medio) {month}(?: {year})?", "middle_of"),
        (r"begin {month}(?: {year})?", "beginning_of"),
        (r"in (?:de maand |de loop van )?{month}(?: {year})?", "end_of"),
        (r"volgende {weekday}", "next_weekday"),
        (r"(?:vorige|afgelopen) {weekday}", "weekday-1"),
        (
            r"(?:deze |komende |aanstaande |a\.s\. |op )?{weekday}(?:ochtend|middag|avond)?(?: aanstaande| a\.s)?",
            "weekday",
        ),
        (r"(?:over|binnen(?: de)?|in) {number}(?: à \d+| tot \d+)? {unit}(?: tijd)?", "after"),
        (r"{number} {unit} (?:geleden|terug)", "ago"),
        (r"(?:de |op de )?{day}(?:e|ste)(?! (?:herinnering|keer|factuur|termijn))", "day_of_month"),
        (r"(?:op|voor|vóór|uiterlijk) (?:de )?{day}(?= *(?:[.,;!)]|$))", "day_of_month"),
    ),
    decimal=",",
    open_start=(r"(?:vanaf|na|sinds|niet voor|pas na|niet eerder dan|met ingang van)(?: de)?",),
    of_document=(
        (
            r"(?:factu(?:ur|ren)|brief|herinnering|aanmaning|e-?mail|mail|bericht|overzicht|bestelling"
            r"|levering|bon|offerte|order|rekening|creditnota)(?: (?:nr\.? ?)?\S*\d\S*)? (?:van|d\.d|dd"
            r"|gedateerd|met datum|ontvangen op)(?: de)?"
        ),
        (
            r"(?:gedateerd(?: op)?|d\.d\.?|vervallen op|verviel op|vervaldatum(?: op| van)?|vervaldag"
            r"|geleverd op|besteld op)"
        ),
    ),
    not_amounts=(
        (
            r"(?:factu(?:ur|ren)|fact|nr|nummer|factuurnummer|klantnummer|ref|referentie|klant|rekening"
            r"|dossier|order|bestelling|tel|telefoon|bon)(?: nr| nummer|nummer)?[.:#]? ?#?\d[\d .,]*"
        ),
        (
            r"\d+ (?:dag(?:en)?|we(?:ek|ken)|maand(?:en)?|uur|uren|ja(?:ar|ren)|minuten|keer|stuks|mensen"
            r"|medewerkers|facturen|artikelen|dozen|termijnen|procent|werkdagen)"
        ),
        r"om \d+",
    ),
    clause_words=(
        r"maar",
        r"echter",
        r"hoewel",
        r"en(?= (?:ik|wij|we|zal|zullen|het|de|hij|zij|heb|hebben) )",
        r"want",
        r"omdat",
    ),
    conditions=(
        r"als(?! (?:het goed is|afgesproken))",
        r"indien",
        r"zodra(?! (?:mogelijk|ik kan|we kunnen|wij kunnen))",
        r"wanneer",
        r"mits",
        r"tenzij",
        r"totdat",
        r"tot(?:dat)? (?:u|jullie|we|wij|ik)",
        r"nadat",
        r"na (?:ontvangst|levering|controle|akkoord|correctie)",
        r"voordat",
        r"zolang",
        r"of (?:de|het|wij|ik)",
        r"mocht",
        r"ingeval",
    ),
    negations=(r"niet", r"nooit", r"geen", r"niets", r"niks", r"noch", r"zonder", r"niemand"),
    absences=(
        r"(?:ben|is|zijn) .{0,35}(?:afwezig|niet op kantoor|met vakantie|op vakantie|met verlof|op zakenreis)",
        r"(?:niet op kantoor|afwezigheid\w*)",
        r"automatisch (?:antwoord|bericht)",
        r"(?:tijdens mijn afwezigheid|bij afwezigheid|beperkt bereikbaar)",
        r"uw (?:verzoek|bericht|melding) is",
    ),
    closings=(
        r"(?:met )?(?:vriendelijke?|hartelijke?|beste|warme) (?:groet(?:en|jes)?|dank)(?:[ ,.!].{0,30})?$",
        (
            r"(?:mvg|groet(?:en|jes)?|gr|hoogachtend|bedankt|dank(?: u| je)?|alvast bedankt"
            r"|alvast dank)(?:[ ,.!].{0,25})?$"
        ),
    ),
    stop_alone=(
        r"stop",
        r"stop alles",
        r"afmelden",
        r"uitschrijven",
        r"afmelding",
        r"opzeggen",
        r"meld mij af",
        r"stoppen",
    ),
    abbreviations=(
        r"nr",
        r"ca",
        r"bijv",
        r"bv",
        r"b\.v",
        r"incl",
        r"excl",
        r"ref",
        r"tel",
        r"evt",
        r"dhr",
        r"mevr",
        r"mw",
        r"dr",
        r"enz",
        r"a\.s",
        r"d\.d",
        r"jan",
        r"feb",
        r"mrt",
        r"apr",
        r"aug",
        r"sept?",
        r"okt",
        r"nov",
        r"dec",
    ),
    cues={
        "promise": Cues(
            plain=(
                (
                    r"(?:zal|zullen|ga|gaan|gaat|beloof|beloven|belooft|ben van plan"
                    rf"|zijn van plan)(?: \S+){{0,12}}? (?:te )?{_PAY}(?! worden geacht)"
                ),
                rf"(?:zal|zullen|gaat)(?: \S+){{0,12}}? (?:worden |zijn )?{_DONE}(?: worden| zijn)?",
                (
                    rf"{_THING} (?:wordt|worden)(?: \S+){{0,9}}? (?:{_DONE}|verricht|uitgevoerd|gedaan"
                    r"|verzonden|klaargezet)"
                ),
                rf"(?:wordt|worden)(?: \S+){{0,6}}? {_DONE}",
                r"(?:betaling|overschrijving|geld) (?:volgt|komt|gaat|vertrekt)(?! niet)",
                (
                    r"(?:ontvangt|krijgt) u (?:de|het|uw|onze) (?:betaling|geld|bedrag)|u (?:ontvangt"
                    r"|krijgt) (?:de|het|uw|onze) (?:betaling|geld|bedrag)"
                ),
            ),
            dated=(
                rf"(?:ik|wij|we|hij|zij|ze|klant|en|dan) {_DOES}|(?:wij|we|ze|zij) (?:betalen|voldoen|storten|maken)",
                rf"{_DOES} (?:ik|wij|we|hij)|(?:betalen|voldoen|maken) (?:wij|we)",
                rf"(?:kan|kunnen)(?: \S+){{0,14}}? {_PAY}",
                r"(?:belooft|beloofd|toegezegd|zegt toe|zeggen toe|zeg toe|toezegging)",
                (
                    rf"{_THING} (?:is|zijn|staat|staan|gaat|gaan|zit|komt)(?: \S+){{0,4}}? ?(?:ingepland"
                    r"|gepland|klaar|goedgekeurd|eruit|uit|mee|weg|op)?"
                ),
                r"(?:betaling|overschrijving) (?:op|voor|uiterlijk|vóór|morgen|vandaag|volgende|binnen|deze)",
                r"betaalronde|betaalrun|betalingsrun",
            ),
            unless=(
                (
                    r"(?:hoop|hopen|probeer|proberen|misschien|wellicht|eventueel|zou(?:den)? graag|wil graag"
                    r"|willen graag|waarschijnlijk niet)"
                ),
                r"wie (?:gaat|betaalt|zal)",
                r"(?:u|jullie) (?:zult|zullen|moet|moeten|gaan|hebt beloofd|had beloofd|hebben beloofd|eist|vraagt)",
                r"(?:klant(?:en)?|verzekering|huurder) .{0,25}(?:mij|ons) (?:betaalt|betalen|betaald)",
                r"geen (?:cent|euro)",
                r"betwist\w*",
                r"(?:gisteren|vorige week|al|reeds) ",
                r"aandacht",
            ),
        ),
        "already_paid": Cues(
            plain=(
                rf"(?:heb|hebben|heeft|had|hadden|is|zijn|werd|werden)(?: \S+){{0,14}}? {_DONE}",
                rf"(?:al|reeds|allang|inmiddels|gisteren|vandaag|toch) (?:\S+ ){{0,3}}?{_DONE}",
                rf"{_DONE} (?:is|werd|hebben|heb)",
                (
                    r"(?:betaling|overschrijving|overboeking|geld) (?:is|werd|zijn) (?:\S+ ){0,5}?(?:gedaan"
                    r"|verricht|uitgevoerd|onderweg|de deur uit|verstuurd|verzonden|geboekt)"
                ),
                (
                    r"(?:bijlage|bijgevoegd|hierbij|bijgaand|zie) .{0,35}(?:betalingsbewijs|betaalbewijs"
                    r"|bankafschrift|afschrift|bewijs van betaling|betalingsbevestiging|overschrijvingsbewijs)"
                ),
                rf"^(?:al |reeds |inmiddels |gisteren |vandaag )*(?:{_DONE})",
                r"van (?:onze|mijn) rekening (?:\S+ )?(?:afgeschreven|gegaan|af)",
                r"(?:betaling|overschrijving) (?:al |reeds |gisteren )(?:gedaan|verricht)",
            ),
            unless=(
                r"altijd (?:\S+ )?(?:\S+ )?(?:betaald|voldaan)",
                rf"(?:wordt|worden|zal|zullen|moet|moeten|zou|kan|dient|gaat)(?: \S+){{0,12}}? {_DONE}",
                r"(?:mij|ons)(?: \S+){0,4}? (?:niet |nog niet )?betaald",
                r"(?:stuur|stuurt|mail|zend)(?: \S+){0,5}? .{0,20}(?:bewijs|afschrift)",
                r"(?:dacht|dachten|meende|(?:ik|wij|we) (?:controleer|controleren|ga|gaan|zal|zullen|kijk|kijken) )",
                r"klant(?:en)? .{0,25}(?:mij|ons|niet)",
                r"te veel betaald .{0,20}terug",
                r"betaald (?:verlof|worden|krijg)",
                r"(?:krijg|kregen|krijgen) .{0,20}betaald",
            ),
        ),
        "dispute": Cues(
            plain=(
                (
                    r"(?:betwist|betwisten|betwisting|klacht|reclameer|reclameren|reclamatie|bezwaar"
                    r"|protesteer|protesteren|weiger|weigeren|oneens|geschil)"
                ),
                (
                    rf"{_CLAIM} .. (?:fout|foute|foutief|foutieve|onjuist|onjuiste|verkeerd|verkeerde"
                    r"|onterecht|te hoog|dubbel|incorrect)"
                ),
                rf"(?:foute|foutieve|verkeerde?|onjuiste|dubbele|onterechte) (?:\w+ )?(?:{_CLAIM}|{_GOODS})",
                r"(?:fout|vergissing) (?:in|op|bij|met) (?:de|uw|deze|jullie) (?:factuur|prijs|berekening|rekening)",
                (
                    rf"{_GOODS} .. (?:beschadigd|kapot|defect|stuk|onvolledig|incompleet|gebrekkig|verkeerd"
                    r"|ontbreekt|ontbreken|ontbraken|mist|missen)"
                ),
                rf"(?:beschadigde|kapotte|defecte|ontbrekende|verkeerde) (?:\w+ )?{_GOODS}",
                rf"(?:ontbreken|ontbreekt|missen|mist) .{{0,30}}{_GOODS}",
                (
                    r"(?:wachten|wacht|ontbreekt|verwachten|beloofde|toegezegde|waar blijft"
                    r"|krijgen) .{0,35}(?:creditnota|creditfactuur|credit nota)"
                ),
                r"(?:creditnota|creditfactuur) (?:ontbreekt|is nog|nog|hebben|nodig)",
                r"(?:dubbel|twee keer|tweemaal) (?:gefactureerd|in rekening|berekend|ontvangen)",
                r"te veel (?:berekend|gefactureerd|in rekening)",
                r"(?:afgesproken|overeengekomen|geoffreerde) (?:prijs|bedrag|tarief|korting)",
                r"(?:anders|niet (?:wat|zoals)) .{0,25}afgesproken",
                (
                    r"(?:corrigeren|corrigeer|aanpassen|herzien) .{0,20}factuur|factuur .{0,25}(?:corrigeren"
                    r"|aanpassen|herzien)|(?:gecorrigeerde|aangepaste|juiste) factuur"
                ),
                r"(?:geannuleerd|opgezegd|teruggestuurd|geretourneerd|retour gestuurd)",
                r"gebreken|wanprestatie",
                r"korting .{0,30}(?:vergeten|ontbreekt)",
                r"(?:houden|schorten) .{0,25}(?:in|op)(?=$)",
            ),
            negative=(
                (
                    r"(?:nooit|niet|niets|geen)(?: \S+){0,4}? (?:besteld|bestelling geplaatst|opdracht"
                    r"|ondertekend|getekend|overeengekomen|aangevraagd|afgenomen)"
                ),
                (
                    r"(?:geen|niet|nooit|niets)(?: \S+){0,3}? (?:goederen|levering|bestelling|producten"
                    r"|artikelen|pakket|diensten|spullen)(?: \S+){0,2}? (?:ontvangen|gekregen|geleverd)"
                ),
                (
                    rf"{_GOODS} .. (?:niet|nooit)(?: \S+){{0,3}}? (?:ontvangen|aangekomen|geleverd|gekregen"
                    r"|werkt|werken|af|klaar|voltooid|compleet|volledig|uitgevoerd|besteld|gedaan)"
                ),
                rf"{_CLAIM} .. (?:klopt|kloppen) (?:\S+ )?(?:niet|van geen)",
                r"(?:klopt|kloppen) (?:\S+ ){0,4}?niet",
                (
                    rf"{_CLAIM} .. niet (?:\S+ )?(?:correct|juist|in orde|akkoord|terecht|verschuldigd|van ons"
                    r"|overeen|conform)"
                ),
                (
                    r"(?:betaal|betalen|zal|zullen|ga|gaan|voldoe)(?: \S+){0,6}? (?:niet|geen cent|niets"
                    r"|niks)(?: \S+){0,6}? ?(?:betalen|voordat|tot|totdat|zolang|want|omdat|voor|,)"
                ),
                r"geen (?:cent|euro)",
                r"niet (?:akkoord|mee eens|eens met)",
                r"(?:erken|erkennen|accepteer|accepteren|aanvaard|aanvaarden) .{0,40}(?:niet|geen)",
                r"niet verschuldigd|niets verschuldigd",
                r"niet (?:wat|zoals|conform) .{0,25}(?:afgesproken|besteld|overeengekomen)",
                r"niet (?:verrekend|verwerkt|in mindering|afgetrokken|meegenomen)",
            ),
            unless=(
                r"(?:geen|zonder) (?:\w+ )?(?:klacht(?:en)?|bezwaar|bezwaren|betwisting|geschil|gebreken|opmerkingen)",
                r"(?:niet|nooit) (?:\S+ )?(?:betwist\w*|betwisten|bezwaar|reclameren)|betwist\w* (?:\S+ ){0,4}?niet",
                r"(?:onze|mijn|ons|bij ons) (?:\w+ )?(?:fout|vergissing|bank|systeem|schuld)",
                r"(?:factuur|alles) (?:is|was) (?:correct|juist|in orde|akkoord)$|klopt(?: helemaal)?$",
                r"(?:verkeerde?|foute?|foutief) (?:rekening|rekeningnummer|iban|bank)",
                r"onbetwist",
            ),
        ),
        "hardship": Cues(
            plain=(
                (
                    r"(?:financiële|financieel|liquiditeits|betalings|geld) ?(?:\w+ )?(?:problemen"
                    r"|moeilijkheden|zorgen|nood|situatie|moeilijk|krap|probleem|krapte)"
                ),
                r"(?:liquiditeitsproble\w+|betalingsproble\w+|geldproblemen|geldnood|betalingsmoeilijkheden)",
                r"(?:krap|slecht) bij kas|krap in",
                r"failliet|faillissement|surseance|insolven\w+|schuldsanering|schuldhulp\w*|wcp",
                r"werkloos|ontslagen|uitkering",
                r"(?:baan|werk|grootste klant|belangrijkste klant) (?:kwijt|verloren)",
                r"(?:in|naar) het ziekenhuis|opgenomen",
                r"ernstig ziek|langdurig ziek",
                (
                    r"in (?:twee|drie|vier|zes|\d) keer betalen"
                    r"|(?:in|met) (?:\w+ )?(?:termijnen|delen|gedeelten|afbetalingen)|afbetalingsplan"
                    r"|betalingsregeling|betaalregeling|afbetalingsregeling|gespreid(?:e)? (?:betalen"
                    r"|betaling)|aflossingsplan"
                ),
                r"uitstel van betaling",
                r"(?:moeilijke|zware|lastige|slechte) (?:\w+ )?(?:tijd|periode|situatie|maanden)",
                r"(?:zaak|winkel|bedrijf|restaurant) (?:moeten )?sluiten",
                r"rood staan|staan rood|sta rood",
            ),
            negative=(
                rf"(?:kan|kunnen|lukt)(?: \S+){{0,8}}? (?:niet|niets|geen)(?: \S+){{0,6}}? {_PAY}",
                rf"niet (?:in staat|mogelijk)(?: \S+){{0,6}}? (?:te )?{_PAY}",
                (
                    r"heb(?:ben)? het geld niet"
                    r"|(?:geen|niet genoeg|onvoldoende|te weinig) (?:geld|middelen|liquiditeit|liquide middelen"
                    r"|inkomsten|inkomen|saldo)"
                ),
                r"niet (?:veroorloven|rondkomen)",
            ),
            unless=(
                r"online",
                r"(?:met|via) (?:\w+ )?(?:kaart|creditcard|ideal|paypal)",
                r"link",
                r"portaal",
                r"website|pagina",
                r"knop",
                r"inloggen",
                r"iban|rekeningnummer|bankgegevens",
                r"(?:tot|totdat|voordat) (?:u|jullie)",
                r"zonder (?:de|een|uw|factuur|bestelnummer)",
                r"(?:geen|niet in) (?:\w+ )?(?:financiële|betalings|geld|liquiditeits)\w*",
                r"dubbel|twee keer",
                r"fout|verkeerd|onjuist",
                r"niet ontvangen",
                r"gewerkte uren",
            ),
        ),
        "wrong_person": Cues(
            plain=(
                (
                    r"(?:verkeerde|foute|foutieve|onjuiste) (?:persoon|contactpersoon|adres|mailadres"
                    r"|e-?mailadres|nummer|bedrijf|afdeling|ontvanger|klant)"
                ),
                r"verkeerd (?:adres|nummer|bedrijf|mailadres|e-?mailadres)",
                (
                    r"(?:neem|neemt|gelieve|kunt u|u kunt|stuur|stuurt|wend|richt|mail|vraag|u moet"
                    rf"|contacteer)(?: \S+){{0,8}}? .{{0,25}}{_ACCOUNTS}"
                ),
                r"(?:bedrijf|organisatie|firma|onderneming) verlaten|uit dienst",
                r"nieuwe contactpersoon",
                r"(?:verwar|verwisselt|verwarren) .{0,20}(?:mij|ons)",
            ),
            negative=(
                (
                    r"niet de (?:juiste|goede|bevoegde) (?:persoon|contactpersoon|afdeling|klant)"
                    r"|niet het (?:juiste|goede) (?:adres|nummer|bedrijf|mailadres|e-?mailadres)"
                ),
                (
                    r"(?:werk|werkt|werken)(?: \S+){0,5}? niet meer|niet meer (?:\S+ ){0,3}?(?:werk|werkt"
                    r"|werkzaam|in dienst)"
                ),
                (
                    r"niet (?:meer )?(?:\S+ )?(?:werkzaam|in dienst|verantwoordelijk voor (?:de |uw "
                    r"|deze )?(?:factu\w+|betaling\w*|boekhouding|administratie))"
                ),
                r"(?:ken|kennen) (?:dit|deze|uw) (?:bedrijf|persoon|firma) niet",
                r"niet (?:mijn|onze) (?:factuur|bedrijf|afdeling|verantwoordelijkheid)",
                r"ga (?:hier )?niet (?:over|meer over)",
                r"nooit van (?:\S+ )?gehoord",
            ),
            unless=(
                r"gelever\w+|levering|bezorg\w+",
                r"goederen|pakket",
                r"creditnota|creditfactuur",
                r"(?:heb|hebben|is|werd|zal) .{0,40}(?:doorgestuurd|doorgegeven|doorsturen|doorgezet)",
                r"bijlage",
            ),
        ),
        "stop": Cues(
            plain=(
                (
                    r"(?:stop|stopt|hou|houd|houdt|hou nu) (?:\S+ )?(?:a\.?u\.?b\.? )?(?:met|op met"
                    r"|eens op met)(?: \S+){0,3}? (?:mailen|e-?mailen|schrijven|bellen|contacteren|sms'?en"
                    rf"|lastigvallen|sturen|mij te|ons te|{_MESSAGES})"
                ),
                rf"stop (?:al )?(?:die|deze|uw|jullie) (?:\w+ )?{_MESSAGES}",
                (
                    r"(?:verwijder|schrap|haal|wis)(?:t)? (?:mij|me|ons|mijn"
                    r"|onze)(?: \S+){0,3}? .{0,30}(?:lijst|bestand|database|systeem|gegevens|adres|nummer)"
                ),
                r"laat (?:mij|me|ons) (?:\S+ )?met rust",
                r"uitschrijven|afmelden",
                r"(?:val|valt) (?:mij|me|ons) (?:\S+ )?(?:niet )?(?:meer )?lastig",
            ),
            negative=(
                rf"geen (?:\w+ )?{_MESSAGES} (?:meer|van u meer)",
                (
                    rf"(?:wil|willen|wens|wensen)(?: \S+){{0,3}}? geen (?:\w+ )?(?:{_MESSAGES}"
                    r"|contact)(?: \S+){0,2}? ?(?:meer|ontvangen|krijgen)?"
                ),
                r"(?:niet|nooit) (?:meer|nog|langer|opnieuw) (?:\S+ )?(?:gecontacteerd|benaderd|gemaild|gebeld|lastig)",
                (
                    r"(?:contacteer|mail|bel|benader|schrijf|stuur)(?:t)? (?:mij|me|ons)(?: \S+){0,3}? (?:niet"
                    r"|nooit|niets) (?:meer|opnieuw)"
                ),
            ),
            unless=(
                r"(?:nodig|noodzakelijk|vereist)",
                r"nieuwsbrief",
                r"(?:levering(?:en)?|productie|werk|bestelling|abonnement|order|dienst)",
                r"papier\w*|per post",
                r"tijdens (?:mijn|de|onze) (?:vakantie|verlof)",
            ),
        ),
    },
)
