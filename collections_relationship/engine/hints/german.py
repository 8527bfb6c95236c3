"""What customers write in German."""

from .language import Cues, Language, counted

_UE = "(?:ü|ue|u)"
_SS = "(?:ß|ss)"
_DO = (
    rf"(?:(?:be|ein|aus)?zahlen|begleichen|{_UE}berweisen|anweisen|ausgleichen|veranlassen|t{_UE}tigen|tätigen"
    r"|erledigen|vornehmen|freigeben)"
)
_DONE = (
    rf"(?:(?:be|ein)?gezahlt|bezahlt|beglichen|{_UE}berwiesen|angewiesen|ausgeglichen|veranlasst|getätigt"
    r"|getaetigt|abgebucht|eingezogen)"
)
_DOES = rf"(?:(?:be)?zahle?n?t?|begleichen?|begleicht|{_UE}berweisen?|{_UE}berweist|weisen?|veranlassen?|veranlasst)"
_THING = (
    rf"(?:rechnung(?:en)?|betrag|beträge|betraege|zahlung(?:en)?|{_UE}berweisung|geld|summe"
    r"|rest(?:betrag)?|teilbetrag|rate"
    r"|posten|offene (?:posten|betrag)|er|sie|es|das|diese|dies|alles)"
)
_GOODS = (
    r"(?:waren?|lieferung(?:en)?|artikel|bestellung(?:en)?|produkte?|pakete?|sendung(?:en)?|teile?"
    r"|maschinen?|geräte?|geraete?"
    r"|material|leistung(?:en)?|arbeiten|reparatur|stühle|möbel|kartons?|palette[n]?|montage|ersatzteile?)"
)
_CLAIM = (
    r"(?:rechnung(?:en)?|betrag|beträge|preise?|menge|summe|mehrwertsteuer|mwst|stunden|posten|position(?:en)?"
    r"|forderung|abrechnung|berechnung)"
)
_MESSAGES = r"(?:e-?mails?|mails?|nachrichten?|mahnungen|erinnerungen|zahlungserinnerungen|sms|briefe|anrufe)"
_ACCOUNTS = (
    r"(?:buchhaltung|rechnungswesen|finanzabteilung|kreditoren\w*|zentrale|steuerberater\w*|kolleg\w+"
    r"|nachfolger\w*|insolvenzverwalter\w*|verwaltung|hausverwaltung|\S+@\S+)"
)

GERMAN = Language(
    code="de",
    fold=False,
    function_words=(
        "der die das und ich wir sie ist nicht ein eine zu in den von mit auf für es im dem auch als an "
        "nach so aus bei noch"
        " hat haben am zum zur bis werden wird ihre ihren ihr uns unser unsere mir mich bitte danke dass "
        "schon bereits wurde"
        " habe sind war diese dieser diesen oder aber kann können guten tag hallo sehr geehrte damen "
        "herren keine kein vom"
    ),
    months=counted(
        1,
        "januar jänner jan",
        "februar feb",
        "märz maerz mrz",
        "april apr",
        "mai",
        "juni",
        "juli",
        "august aug",
        "september sept sep",
        "oktober okt",
        "november nov",
        "dezember dez",
    ),
    weekdays=counted(0, "montag mo", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag sonnabend", "sonntag"),
    numbers={
        "einer?n?m?": 1,
        "zwei": 2,
        "drei": 3,
        "vier": 4,
        "fünf": 5,
        "fuenf": 5,
        "sechs": 6,
        "sieben": 7,
        "acht": 8,
        "neun": 9,
        "zehn": 10,
        "zwölf": 12,
        "vierzehn": 14,
        "fünfzehn": 15,
        "zwanzig": 20,
        "dreißig": 30,
        "dreissig": 30,
    },
    units={
        "(?:werktage?n?|arbeitstage?n?|bankarbeitstage?n?|banktage?n?)": "bank_day",
        "tage?n?": "day",
        "wochen?": "week",
        "monate?n?": "month",
    },
    days=(
        (r"{day}\.? ?{month}(?:\.?,? {year})?", "day_month"),
        (r"übermorgen|uebermorgen", "day+2"),
        (r"(?<!guten\s)(?<!heute\s)morgen(?: früh| nachmittag| vormittag)?(?! zusammen)", "day+1"),
        (r"(?:noch )?heute(?: noch| früh| morgen| abend| nachmittag| vormittag)?|heutigen tag", "day+0"),
        (r"vorgestern", "day-2"),
        (r"gestern(?: abend| morgen| früh)?|gestrigen tag", "day-1"),
        (
            (
                r"(?:nächste|naechste|kommende) woche(?: am)? {weekday}|{weekday}(?: in der)? (?:nächste"
                r"|naechste|kommende|nächster|kommender)n? woche"
            ),
            "weekday+1",
        ),
        (
            (
                r"(?:letzte|vergangene|vorige) woche(?: am)? {weekday}|{weekday} (?:letzte|vergangene|voriger"
                r"|letzter)r? woche"
            ),
            "weekday-1",
        ),
        (r"übernächster?n? woche|uebernaechster?n? woche", "week+2"),
        (
            (
                r"(?:anfang|mitte|ende|im laufe der|in der|bis ende)? ?(?:nächster?n?|naechster?n?"
                r"|kommenden?r?|folgenden?) woche"
            ),
            "week+1",
        ),
        (r"(?:ende|im laufe|noch|in)? ?(?:dieser|diese|der) woche|zum wochenende|ende der woche", "week+0"),
        (r"(?:letzter?n?|vergangenen?r?|voriger?n?) woche", "week-1"),
        (
            r"anfang (?:des )?(?:nächsten|naechsten|kommenden) monats?|anfang (?:nächsten|kommenden) monat",
            "beginning+1",
        ),
        (r"mitte (?:des )?(?:nächsten|naechsten|kommenden) monats?", "middle+1"),
        (r"mitte (?:des|dieses|diesen) monats?|monatsmitte", "middle+0"),
        (r"(?:ende (?:des )?)?(?:nächsten|naechsten|kommenden) monats?|im nächsten monat", "month+1"),
        (
            (
                r"(?:zum |bis )?ende (?:des|dieses|diesen) monats?|monatsende|(?:noch )?diesen monat"
                r"|in diesem monat|ultimo"
            ),
            "month+0",
        ),
        (r"{day}\. (?:des )?(?:nächsten|naechsten|kommenden) monats", "day_of_month+1"),
        (r"{day}\. (?:des|dieses|diesen) monats", "day_of_month+0"),
        (r"ende {month}(?: {year})?", "end_of"),
        (r"mitte {month}(?: {year})?", "middle_of"),
        (r"anfang {month}(?: {year})?", "beginning_of"),
        (r"im (?:laufe des )?(?:monats? )?{month}(?: {year})?", "end_of"),
        (r"(?:nächste[nr]?|naechste[nr]?) {weekday}", "next_weekday"),
        (r"(?:letzten|vergangenen|vorigen) {weekday}", "weekday-1"),
        (r"(?:diesen |kommenden |am )?{weekday}", "weekday"),
        (
            (
                r"(?:in|innerhalb(?: von| der nächsten)?"
                r"|binnen)(?: den nächsten)?(?: spätestens)? {number}(?: bis \d+)? {unit}"
            ),
            "after",
        ),
        (r"vor {number} {unit}", "ago"),
        (r"(?:am|bis zum|zum|bis|den|dem) {day}\.(?! ?\d)", "day_of_month"),
    ),
    decimal=",",
    open_start=(r"(?:ab|nach|seit|frühestens|fruehestens|nicht vor|erst nach)(?: dem| am| zum)?",),
    of_document=(
        (
            r"(?:rechnung|schreiben|mahnung|erinnerung|e-?mail|mail|nachricht|brief|bestellung|lieferung"
            r"|beleg|angebot|auftrag|gutschrift)(?: (?:nr\.? ?)?\S*\d\S*)? (?:vom|von|mit datum)(?: dem)?"
        ),
        r"(?:datiert (?:vom|auf)|fällig (?:am|zum|war am)|faellig (?:am|zum)|geliefert am|bestellt am|vom)",
    ),
    not_amounts=(
        (
            r"(?:rechnung(?:en)?|re|nr|nummer|rechnungsnummer|kundennummer|bestellung|auftrag|ref|beleg"
            r"|vorgang|aktenzeichen|az|konto|tel|telefon)(?:snr| nr| nummer)?[.:#]? ?#?\d[\d .,]*"
        ),
        (
            r"\d+ (?:tage?n?|wochen?|monate?n?|stunden?|jahre?n?|minuten|mal|stück|stk|mitarbeiter\w*"
            r"|rechnungen|prozent|uhr|werktage?n?|raten|artikel|teile)"
        ),
        r"(?:um|gegen) \d+(?: uhr)?",
    ),
    clause_words=(
        r"sondern",
        r"und(?= (?:ich|wir|er|sie|es|werde|werden|wird|habe|haben|zahle|zahlen|die|der|das|überweise|überweisen) )",
        r"da",
        r"weil",
    ),
    conditions=(
        r"falls",
        r"wenn",
        r"sofern",
        r"sobald(?! (?:wie möglich|als möglich|möglich|ich kann|wir können))",
        r"vorausgesetzt",
        r"nachdem",
        r"solange",
        r"bevor",
        r"ob",
        r"nach (?:erhalt|eingang|klärung|prüfung|vorlage|korrektur|lieferung|zusendung)",
        r"erst nach",
        r"sollten sie",
        r"bis sie",
        r"ehe",
    ),
    negations=(r"nicht", r"keine?[nmrs]?", r"nie", r"niemals", r"nichts", r"weder", r"ohne", r"niemand"),
    absences=(
        (
            r"(?:bin|ist|sind) .{0,40}(?:nicht im (?:büro|haus)|außer haus|ausser haus|im urlaub|abwesend"
            r"|in elternzeit|auf dienstreise)"
        ),
        r"abwesenheit\w*",
        r"automatische (?:antwort|nachricht|eingangsbestätigung)",
        r"(?:nicht|wieder) (?:erreichbar|im büro|im hause)",
        r"ihre (?:anfrage|nachricht|e-?mail) (?:ist|wurde)",
    ),
    closings=(
        (
            r"(?:mit )?(?:freundlichen|besten|herzlichen|vielen|lieben|freundlichem|freundliche|beste|viele"
            rf"|liebe|herzliche|schöne|schoene|sch{_UE}nen)(?: und \w+)? (?:gr{_UE}(?:ß|ss)en?|gru(?:ß|ss)"
            r"|dank)(?: .{0,40})?$"
        ),
        r"(?:mfg|lg|vg|hochachtungsvoll|gruß|gruss|grüße|gruesse|danke|vielen dank|ihre?)(?:[ ,.!].{0,25})?$",
    ),
    stop_alone=(r"stopp?", r"abmelden", r"abbestellen", r"abmeldung", r"austragen", r"stopp alle", r"keine sms mehr"),
    abbreviations=(
        r"nr",
        r"bzw",
        r"ca",
        r"re",
        r"inkl",
        r"zzgl",
        r"usw",
        r"evtl",
        r"ggf",
        r"hr",
        r"fr",
        r"dr",
        r"tel",
        r"str",
        r"st",
        r"abs",
        r"z\.b",
        r"d\.h",
        r"u\.a",
        r"rg",
        r"mwst",
        r"jan",
        r"feb",
        r"mrz",
        r"apr",
        r"aug",
        r"sept?",
        r"okt",
        r"nov",
        r"dez",
    ),
    cues={
        "promise": Cues(
            plain=(
                (
                    r"(?:werde|werden|wird|wollen wir|verspreche?n? .. zu|verspricht .. zu|sage zu"
                    rf"|beabsichtige?n?)(?: \S+){{0,12}}? {_DO}(?! w{_UE}rden)"
                ),
                (
                    rf"{_THING} (?:wird|werden)(?: \S+){{0,10}}? (?:{_DONE}|bezahlt|ausgeführt|angewiesen"
                    r"|erledigt|gutgeschrieben|freigegeben|eingehen|rausgehen|erfolgen)"
                ),
                rf"(?:wird|werden)(?: \S+){{0,6}}? (?:{_DONE}|erledigt|angewiesen)$",
                (
                    rf"(?:zahlung|{_UE}berweisung|geld|betrag) (?:folgt|erfolgt|geht .{{0,30}}(?:raus|ein|zu"
                    r"|in die überweisung|zur zahlung))(?! nicht)"
                ),
                r"(?:sichere|sichern|sagt|sage|sagen) .. (?:zahlung|begleichung) (?:bis|zum|zu|am)",
            ),
            dated=(
                rf"(?:ich|wir|er|sie|kunde|kundin|und|dann|gerne?) {_DOES}",
                rf"{_DOES} (?:ich|wir|er|sie)",
                rf"(?:kann|können|koennen|könnte nur)(?: \S+){{0,10}}? {_DO}",
                r"(?:verspricht|versprach|zugesagt|zugesichert|versprochen)",
                rf"(?:zahlung|{_UE}berweisung|geld|betrag) (?:ist|wurde|haben wir|kommt|geht|bis|am|zum)",
                (
                    r"(?:haben|bekommen|erhalten) sie (?:das|ihr|den|die|unsere?)(?: \S+){0,3}? (?:geld"
                    rf"|betrag|zahlung|{_UE}berweisung)"
                ),
                r"(?:im|mit dem|nächsten) .{0,15}zahllauf",
                r"zahllauf",
                r"(?:ist|sind|wurde) .. (?:eingeplant|vorgemerkt|terminiert|eingestellt|geplant)",
                rf"(?:zahlen|zahle|{_UE}berweisen|{_UE}berweise)(?: \S+){{0,4}}?$",
                r"bezahle",
            ),
            unless=(
                (
                    r"(?:hoffe|hoffen|versuche|versuchen|möchte|möchten|würde|würden|wuerde|vielleicht"
                    r"|eventuell|evtl|vermutlich|wohl kaum)"
                ),
                r"wer (?:wird|soll|zahlt|bezahlt)",
                r"(?:werden|sollen|müssen|muessen|wollen|können) sie",
                r"sie (?:werden|müssen|sollen|haben versprochen|verlangen|fordern)",
                r"(?:kunde|kunden|versicherung|mieter)(?: \S+){0,3}? (?:wird|werden|zahlt)? ?(?:nicht )?uns",
                r"keinen cent",
                r"auf sie",
                r"haben .{0,40}(?:gezahlt|bezahlt|überwiesen)$",
                r"wurde .{0,60}(?:bezahlt|beglichen|überwiesen)",
                r"bestreite\w*|widersprech\w+",
            ),
        ),
        "already_paid": Cues(
            plain=(
                rf"(?:habe|haben|hat|hab|hatten?|wurden?|ist|sind)(?: \S+){{0,14}}? {_DONE}",
                rf"(?:bereits|schon|längst|laengst|gestern|heute|doch) (?:\S+ ){{0,3}}?{_DONE}",
                rf"{_DONE} (?:ist|wurde|haben|habe)",
                (
                    rf"(?:zahlung|{_UE}berweisung|geld|betrag) (?:ist|sind|wurde|wurden) .. (?:raus|unterwegs"
                    r"|erfolgt|erledigt|ausgeführt|rausgegangen|abgegangen|eingegangen sein|veranlasst)"
                ),
                (
                    rf"(?:zahlung|{_UE}berweisung) (?:ist |war )?(?:bereits|schon|am|gestern"
                    r"|heute) (?:\S+ ){0,3}?(?:erfolgt|raus|veranlasst)"
                ),
                (
                    r"(?:anbei|im anhang|beigefügt|beigefuegt|angehängt|hier) .. (?:zahlungsbeleg"
                    rf"|{_UE}berweisungsbeleg|zahlungsnachweis|kontoauszug|zahlungsbestätigung|zahlungsavis"
                    r"|beleg)"
                ),
                (
                    r"(?:zahlungsbeleg|überweisungsbeleg|zahlungsnachweis|kontoauszug) (?:anbei|im anhang"
                    r"|hängt an|liegt bei)"
                ),
                rf"^(?:schon |bereits |längst |gestern |heute )*(?:bezahlt|{_UE}berwiesen|beglichen|erledigt)",
                r"(?:von|vom) (?:unserem|meinem) konto .. (?:abgebucht|abgegangen|eingezogen)",
                (
                    r"(?:rechnung|alles|betrag|sie) (?:ist|sind) (?:bereits |schon |längst )?(?:bezahlt"
                    r"|beglichen|erledigt)"
                ),
            ),
            unless=(
                r"immer (?:\S+ )?(?:bezahlt|gezahlt|beglichen)",
                (
                    r"(?:wird|werden|würde|sollte|müsste|muss|soll|kann)(?: [^\s,]+){0,10}? (?:bezahlt|beglichen"
                    r"|überwiesen|angewiesen)(?! haben| worden)"
                ),
                r"(?:schicken|senden) sie .. (?:beleg|nachweis|bestätigung)",
                r"(?:uns|mir)(?: \S+){0,5}? (?:nicht |noch nicht )?(?:bezahlt|überwiesen)$",
                r"(?:dachte|glaube|meinte|prüfe|wir prüfen|prüfen wir|sehe nach|unsicher)",
                r"(?:kunde|kunden|mieter) .{0,30}(?:uns|mir)",
                r"(?:falsch|gutschrift|lieferung|bestellung) .{0,20}veranlasst",
                r"(?:anzahlung) .{0,30}zurück",
                r"rechtsanwalt|anwalt",
            ),
        ),
        "dispute": Cues(
            plain=(
                (
                    r"(?:bestreite\w*|beanstande\w*|reklamier\w*|widersprech\w+|widerspreche|anfechten"
                    r"|fechten .. an|zurückweisen|weise\w* .. zurück)"
                ),
                r"(?:lege|legen|erhebe|erheben|habe|haben) .. (?:widerspruch|einspruch|einwände)",
                r"(?:widerspruch|einspruch) (?:gegen|ein|eingelegt)",
                r"reklamation(?!sfrei)",
                r"mängel\w*|mangelhaft|maengel\w*|mängelrüge",
                (
                    rf"{_CLAIM} .. (?:falsch|fehlerhaft|unberechtigt|zu hoch|überhöht|ueberhoeht|unrichtig"
                    r"|ungerechtfertigt|strittig|doppelt)"
                ),
                (
                    rf"(?:falsche[rnms]?|fehlerhafte[rnms]?|überhöhte[rnms]?|doppelte) (?:\w+ )?(?:{_CLAIM}"
                    rf"|{_GOODS}|mehrwertsteuer|menge)"
                ),
                (
                    rf"{_GOODS} .. (?:beschädigt|beschaedigt|defekt|kaputt|unvollständig|mangelhaft|falsch"
                    r"|fehlt|fehlen|fehlten|fehlte)"
                ),
                rf"(?:beschädigte|defekte|kaputte|fehlende|falsche)[nrsm]? (?:\w+ )?{_GOODS}",
                r"(?:warten|warte|fehlt|fehlende|wo bleibt|versprochene|zugesagte|brauchen|erwarten) .. gutschrift",
                r"gutschrift (?:fehlt|steht|ist|wurde|noch)(?! verrechnet)",
                r"(?:bitten?|ersuchen) .{0,20}um .{0,20}gutschrift",
                rf"fehlt(?:en)? .{{0,25}}{_GOODS}",
                r"doppelt (?:berechnet|abgerechnet|in rechnung|erhalten|bezahlt werden)",
                r"zu (?:viel|hoch) (?:berechnet|abgerechnet)",
                r"(?:vereinbart|ausgemacht|angeboten|abgesprochen) (?:war|waren|wurde|wurden)",
                r"(?:vereinbarte|angebotene)[nr]? (?:preis|rabatt|betrag)",
                r"(?:verweigere?n?|behalten .. ein|zurückbehalt\w*|halte\w* .. zurück)",
                r"(?:rechnung|betrag) (?:bitte )?(?:korrigieren|berichtigen|ändern)",
                r"(?:korrigierte|berichtigte|neue)[nr]? rechnung",
                r"rechnungskorrektur",
                r"(?:storniert|gekündigt|zurückgeschickt|retourniert|zurückgesandt|zurückgegeben)",
                r"fehler (?:in|auf|bei) (?:der|ihrer|dieser) (?:rechnung|abrechnung|berechnung)",
                r"rabatt .. (?:fehlt|vergessen)",
                r"stimmt .{0,25}nicht",
            ),
            negative=(
                (
                    r"(?:nie|niemals|nicht|keine?)(?: \S+){0,3}? (?:bestellt|beauftragt"
                    r"|bestellung aufgegeben|vereinbart|unterschrieben|abgeschlossen|in auftrag gegeben)"
                ),
                (
                    r"(?:keine|nicht|nie|niemals|nichts)(?: \S+){0,3}? (?:ware|lieferung|leistung|artikel"
                    r"|produkte)(?: \S+){0,2}? (?:erhalten|bekommen|geliefert|erbracht)"
                ),
                (
                    rf"{_GOODS} .. (?:nicht|nie|niemals)(?: \S+){{0,3}}? (?:angekommen|erhalten|bekommen"
                    r"|geliefert|erbracht|fertig|funktioniert|funktionieren|eingetroffen|abgeschlossen|da"
                    r"|bestellt)"
                ),
                r"nichts (?:\S+ )?(?:bestellt|erhalten|bekommen|geliefert)",
                (
                    rf"{_CLAIM} .. nicht (?:\S+ )?(?:korrekt|richtig|in ordnung|gerechtfertigt|nachvollziehbar"
                    r"|berechtigt|akzeptieren|anerkennen|vereinbart|ok|überein)"
                ),
                r"stimm(?:t|en)(?: \S+){0,6}? nicht",
                (
                    r"(?:zahle|zahlen|bezahle|bezahlen|werde|werden) .{0,60}?(?:nicht|keinen cent|nichts"
                    r"|keinesfalls)(?: \S+){0,6}? ?(?:bevor|bis|solange|ehe|weil|da|,)?.{0,10}(?:zahlen"
                    r"|bezahlen|bis|bevor|solange|ehe|weil)"
                ),
                r"keinen (?:cent|euro)",
                r"(?:erkenne|erkennen|akzeptiere|akzeptieren) .{0,40}nicht",
                r"nicht einverstanden",
                r"entspr(?:icht|echen)(?: \S+){0,3}? nicht",
                r"nicht (?:wie|das,? was|so wie) .{0,20}(?:vereinbart|bestellt|besprochen|abgesprochen)",
                r"schulde\w* .. (?:nichts|keinen)",
                r"nicht (?:verrechnet|gutgeschrieben|berücksichtigt|abgezogen)",
            ),
            unless=(
                r"keine? (?:\w+ )?(?:widerspruch|einspruch|reklamation|einwände|beanstandung\w*|mängel)",
                r"(?:nicht|weder) .{0,20}(?:bestreiten|beanstanden|widersprechen|reklamieren)",
                r"bestreiten? (?:\S+ ){0,4}?nicht",
                r"(?:unser|mein|bei uns|unserer?) (?:fehler|versehen|system|bank)",
                r"(?:rechnung|alles) (?:ist|war) (?:korrekt|richtig|in ordnung|okay|ok)$",
                r"falsche? (?:konto|iban|bankverbindung|verwendungszweck)",
                r"(?:kein|ohne) fehler",
                r"unstrittig|unbestritten",
            ),
        ),
        "hardship": Cues(
            plain=(
                (
                    r"(?:finanzielle\w*|wirtschaftliche\w*|liquiditäts\w*|zahlungs"
                    r"|geld) ?(?:\w+ )?(?:probleme?n?|schwierigkeiten|engpass|engpässe?n?|nöte?n?|notlage"
                    r"|sorgen|lage|krise)"
                ),
                r"zahlungs(?:schwierigkeiten|unfähig\w*|engpass)",
                r"liquiditätsengpass|liquiditätsproblem\w*|liquiditaetsengpass",
                r"insolven\w+",
                r"pleite",
                r"arbeitslos\w*",
                r"kurzarbeit",
                r"(?:job|arbeit|arbeitsplatz|stelle|hauptkunden) verloren",
                r"im krankenhaus",
                r"schwer (?:krank|erkrankt)",
                r"knapp bei kasse",
                r"raten(?:zahlung|zahlungen|plan|vereinbarung)?(?!\w)",
                r"in (?:\w+ )?(?:teilbeträgen|teilzahlungen|raten)",
                r"zahlungsplan",
                r"(?:stundung|stunden sie|stunden)(?= |$)(?! gearbeitet)",
                r"geschäft (?:schließen|aufgeben)",
                r"(?:angespannte|schwierige|schlechte)[nr]? (?:\w+ )?(?:lage|situation|zeit|liquidität)",
            ),
            negative=(
                rf"(?:kann|können|koennen|könnte|konnte)(?: \S+){{0,10}}? (?:nicht|nichts|keine)(?: \S+){{0,6}}? {_DO}",
                rf"nicht in der lage .{{0,30}}{_DO}",
                r"(?:kein|nicht genug|nicht genügend|zu wenig) (?:geld|mittel|liquidität)",
                r"nicht leisten",
                r"kein (?:einkommen|geld)",
            ),
            unless=(
                r"online",
                r"(?:per|mit) (?:\w+ )?(?:karte|kreditkarte|paypal)",
                r"link",
                r"portal",
                r"web ?seite",
                r"internetseite",
                r"einloggen",
                r"iban",
                r"kontonummer",
                r"bankverbindung",
                r"bis sie",
                r"bevor sie",
                r"ohne (?:die|eine|ihre|rechnung)",
                r"(?:keine|nicht in) (?:\w+ )?(?:finanzielle\w*|zahlungs\w+|liquiditäts\w*|geld\w*)",
                r"\d+ stunden",
                r"stunden (?:gearbeitet|abgerechnet|berechnet)",
                r"zweimal|doppelt",
                r"falsch\w*",
                r"nicht erhalten",
                r"zahlungsziel",
                r"rechnung .{0,25}(?:nicht (?:erhalten|bekommen|gefunden|vor)|fehlt)",
            ),
        ),
        "wrong_person": Cues(
            plain=(
                (
                    r"falsche[rnms]? (?:person|ansprechpartner\w*|adresse|empfänger\w*|e-?mail(?:-?adresse)?"
                    r"|nummer|firma|abteilung|kontakt|kunde\w*)"
                ),
                (
                    r"(?:wenden sie sich|richten sie|schreiben sie|kontaktieren sie|sprechen sie|schicken sie"
                    rf"|senden sie|fragen sie) .. {_ACCOUNTS}"
                ),
                rf"bitte(?: \S+){{0,4}}? an .. {_ACCOUNTS}",
                rf"{_ACCOUNTS} .{{0,20}}(?:zuständig|ansprechpartner\w*)",
                r"(?:unternehmen|firma|betrieb) verlassen",
                r"ausgeschieden",
                r"neue[r]? ansprechpartner\w*",
                r"verwechsel\w+ .{0,20}(?:mich|uns)|verwechselt",
                r"(?:ist|für) jetzt (?:herr|frau) \w+ zuständig",
            ),
            negative=(
                r"nicht (?:\S+ )?(?:der|die|das) (?:richtige\w*|zuständige\w*)",
                r"nicht (?:mehr )?(?:\S+ )?(?:zuständig|zustaendig)",
                r"(?:arbeite|arbeitet|beschäftigt|tätig)(?: \S+){0,5}? nicht mehr",
                (
                    r"nicht mehr (?:\S+ ){0,4}?(?:arbeite|arbeitet|beschäftigt|tätig|im unternehmen"
                    r"|in der firma|bei der firma|da)"
                ),
                r"(?:kenne|kennen) (?:diese|die|ihre) (?:firma|person|unternehmen) nicht",
                r"nicht (?:meine|unsere) (?:rechnung|firma|abteilung|zuständigkeit)",
                r"noch nie (?:\S+ )?gehört",
            ),
            unless=(
                r"geliefert|lieferung|zugestellt|ware\w*",
                r"gutschrift",
                r"(?:habe|haben|wurde|werde) .{0,40}weiter(?:geleitet|leiten|gegeben)",
            ),
        ),
        "stop": Cues(
            plain=(
                (
                    r"(?:hören sie auf|hoeren sie auf|stoppen sie|unterlassen sie"
                    r"|lassen sie)(?: \S+){0,5}? (?:zu (?:schreiben|kontaktieren|belästigen|mailen|mahnen"
                    rf"|schicken|senden)|{_MESSAGES}|anrufe|kontaktaufnahme|mich anzurufen|mich anzuschreiben)"
                ),
                r"(?:in ruhe|in frieden) (?:zu )?lass\w*|lass\w* .{0,20}in ruhe",
                (
                    r"(?:löschen|loeschen|streichen|nehmen|entfernen|tragen) (?:sie )?(?:mich|uns|meine"
                    r"|unsere)(?: \S+){0,3}? .{0,30}(?:verteiler|liste|adresse|datenbank|daten|system"
                    r"|kartei)"
                ),
                r"abbestellen|abmelden",
                r"h(?:ö|oe)ren sie(?: \S+){0,3}? auf$",
                r"belästig\w+ (?:sie )?(?:mich|uns)",
                r"verzichten sie .. (?:nachrichten|mails|e-mails|anrufe|kontakt)",
            ),
            negative=(
                rf"keine? (?:weitere[nr]? )?{_MESSAGES} mehr",
                rf"keine weitere[nr]? {_MESSAGES}",
                rf"keine (?:\w+ )?{_MESSAGES} (?:mehr )?(?:von ihnen|bekommen|erhalten|schicken|senden|wünsche\w*)",
                (
                    r"(?:schreiben|kontaktieren|mailen|schicken|rufen) sie (?:mich|mir"
                    r"|uns)(?: \S+){0,4}? (?:nicht|nie) (?:mehr|wieder)"
                ),
                (
                    r"(?:nicht|nie) (?:mehr|wieder|weiter) (?:\S+ )?(?:kontaktiert|angeschrieben|angerufen"
                    r"|anrufen|anschreiben|kontaktieren|belästigt|gestört)"
                ),
                r"keinen (?:weiteren )?kontakt (?:mehr|wünsche\w*)",
            ),
            unless=(
                r"(?:nötig|notwendig|erforderlich|noetig)",
                r"falsche\w* \w+|rechnungen",
                r"newsletter",
                (
                    r"(?:lieferung|produktion|auftrag|bestellung|abo|abonnement|vertrag"
                    r"|dienst)\w* .{0,20}(?:stoppen|abbestellen|abmelden|einstellen)"
                ),
                r"(?:papier|post)\w*",
                r"im urlaub|während|bis ich",
            ),
        ),
    },
)
