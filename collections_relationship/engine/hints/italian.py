"""What customers write in Italian."""

from .language import Cues, Language, counted

_PAY = (
    r"(?:pagare|saldare|versare|liquidare|bonificare|effettuare (?:il|un|la) (?:pagamento|bonifico|versamento)"
    r"|fare (?:il|un) (?:bonifico|pagamento)|procedere (?:con|al) (?:il )?(?:pagamento|bonifico|saldo)"
    r"|disporre (?:il|un) (?:bonifico|pagamento)|inviare (?:il|un) (?:bonifico|pagamento))"
)
_WILL = (
    r"(?:pagherò|pagheremo|pagherà|pagheranno|salderò|salderemo|salderà|verserò|verseremo|verserà|effettuerò"
    r"|effettueremo|effettuerà|liquideremo|liquiderò|farò (?:il|un) (?:bonifico|pagamento)|faremo (?:il"
    r"|un) (?:bonifico|pagamento)|farà (?:il|un) (?:bonifico|pagamento)|provvederò|provvederemo|provvederà"
    r"|procederò|procederemo|disporrò|disporremo)"
)
_DOES = (
    r"(?:pago|paghiamo|paga|saldo|saldiamo|verso|versiamo|faccio (?:il|un) (?:bonifico|pagamento)"
    r"|facciamo (?:il|un) (?:bonifico|pagamento)|effettuo|effettuiamo|provvedo|provvediamo)"
)
_DONE = (
    r"(?:pagat[oaie]|saldat[oaie]|versat[oaie]|liquidat[oaie]|bonificat[oaie]|effettuat[oaie]|addebitat[oaie]"
    r"|dispost[oaie])"
)
_THING = r"(?:fattur[ae]|pagament[oi]|bonific[oi]|import[oi]|somm[ae]|denaro|soldi|saldo|resto|tutto|rat[ae]|acconto)"
_GOODS = (
    r"(?:merc[ei]|consegn[ae]|articol[oi]|ordin[ei]|prodott[oi]|pacc[ho]i?|pezz[oi]|macchin[ae]"
    r"|macchinari[oi]?|material[ei]|serviz[io]i?|lavor[oi]|riparazion[ei]|sedi[ae]|mobil[ei]|scatol[ae]|pallet"
    r"|spedizion[ei]|fornitur[ae]|installazione)"
)
_CLAIM = (
    r"(?:fattur[ae]|import[oi]|prezz[oi]|quantità|iva|totale|tariff[ae]|calcol[oi]|fatturazione|somma|addebit[oi]|ore)"
)
_MESSAGES = r"(?:e-?mail|mail|messaggi|messaggio|solleciti|sollecito|sms|lettere|chiamate|telefonate|comunicazioni)"
_ACCOUNTS = (
    r"(?:amministrazione|contabilità|ufficio (?:contabile|amministrativo|pagamenti)|commercialista|ragioniere"
    r"|sede centrale|collega|colleghi|collaboratrice|tesoreria|curatore|\S+@\S+)"
)

ITALIAN = Language(
    code="it",
    function_words=(
        "il lo la i gli le di del della dei delle un una e è che in a da per con non si su al alla ma "
        "come più ci vi mi ho abbiamo"
        " ha sono questo questa nostro nostra vostro vostra vostre buongiorno buonasera salve grazie "
        "saluti gentile gentili spett"
        " anche già stato stata entro nel nella sul sulla dal dalla ne se perché siamo avete abbia"
    ),
    months=counted(
        1,
        "gennaio gen",
        "febbraio feb",
        "marzo mar",
        "aprile apr",
        "maggio mag",
        "giugno giu",
        "luglio lug",
        "agosto ago",
        "settembre sett set",
        "ottobre ott",
        "novembre nov",
        "dicembre dic",
    ),
    weekdays=counted(0, "lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica"),
    numbers={
        "una?": 1,
        "un paio di": 2,
        "due": 2,
        "tre": 3,
        "quattro": 4,
        "cinque": 5,
        "sei": 6,
        "sette": 7,
        "otto": 8,
        "nove": 9,
        "dieci": 10,
        "dodici": 12,
        "quindici": 15,
        "venti": 20,
        "trenta": 30,
    },
    units={"giorni (?:lavorativi|bancari)": "bank_day", "giorn[oi]": "day", "settiman[ae]": "week", "mes[ei]": "month"},
    days=(
        (r"{day}° {month}(?: {year})?|primo {month}", "day_month"),
        (r"{day} {month}(?: {year})?", "day_month"),
        (r"dopodomani", "day+2"),
        (r"domani(?: mattina| pomeriggio| stesso)?", "day+1"),
        (r"oggi(?: stesso)?|stamattina|stamani|questa (?:mattina|sera)|stasera|in giornata|questo pomeriggio", "day+0"),
        (r"l'altro ieri|l'altroieri|altro ieri", "day-2"),
        (r"ieri(?: sera| mattina)?", "day-1"),
        (
            r"{weekday} della (?:prossima settimana|settimana prossima)|(?:la )?settimana prossima,? {weekday}",
            "weekday+1",
        ),
        (r"{weekday} della (?:scorsa settimana|settimana scorsa)", "weekday-1"),
        (
            (
                r"(?:entro |nel corso della |all'inizio della |in )?(?:la |fine )?(?:prossima settimana"
                r"|settimana prossima|settimana entrante)"
            ),
            "week+1",
        ),
        (
            (
                r"(?:entro |a )?(?:la )?fine (?:della )?settimana|(?:in |entro )?(?:questa"
                r"|la) settimana(?! (?:scorsa|passata))|in settimana"
            ),
            "week+0",
        ),
        (r"(?:la )?(?:settimana scorsa|scorsa settimana|settimana passata)", "week-1"),
        (
            (
                r"(?:ai primi|all'inizio|inizio|primi) del (?:prossimo mese|mese prossimo)|(?:ai primi"
                r"|inizio) mese prossimo"
            ),
            "beginning+1",
        ),
        (r"(?:a )?metà (?:del )?(?:prossimo mese|mese prossimo)", "middle+1"),
        (r"(?:a )?metà (?:del )?mese", "middle+0"),
        (
            (
                r"(?:a |entro )?(?:la )?fine (?:del )?(?:prossimo mese|mese prossimo)|(?:il "
                r"|entro il )?(?:prossimo mese|mese prossimo)"
            ),
            "month+1",
        ),
        (
            r"(?:a |entro |entro la |per )?fine (?:del |di questo |corrente )?mese|(?:entro )?(?:questo mese|il mese)",
            "month+0",
        ),
        (r"(?:il |al )?{day} (?:del prossimo mese|del mese prossimo|p\.v)", "day_of_month+1"),
        (r"(?:il |al )?{day} (?:del mese|di questo mese|c\.m|corrente mese)", "day_of_month+0"),
        (r"(?:a |entro |entro la )?fine (?:di )?{month}(?: {year})?", "end_of"),
        (r"(?:a )?metà (?:di )?{month}(?: {year})?", "middle_of"),
        (r"(?:ai primi|all'inizio|inizio|primi) (?:di )?{month}(?: {year})?", "beginning_of"),
        (r"(?:nel mese di|in|entro) {month}(?: {year})?", "end_of"),
        (r"{weekday} prossimo|prossimo {weekday}", "next_weekday"),
        (r"{weekday} scorso|lo scorso {weekday}|{weekday} passato", "weekday-1"),
        (r"(?:questo )?{weekday}", "weekday"),
        (r"(?:tra|fra|entro|in) {number}(?:/\d+| o \d+)? {unit}", "after"),
        (r"{number} {unit} fa", "ago"),
        (
            r"(?:entro il |il |al |per il )(?:giorno )?{day}(?= *(?:[.,;!)]|$|prossimo|con|tramite|e))(?! ?[/-])",
            "day_of_month",
        ),
    ),
    decimal=",",
    open_start=(r"(?:a partire|dopo|dal|da|non prima|successivamente)(?: dal| del| il| al)?",),
    of_document=(
        (
            r"(?:fattur[ae]|letter[ae]|sollecit[oi]|e-?mail|mail|messaggi[o]?|estratto|ordin[ei]|ddt"
            r"|preventiv[oi]|not[ae])(?: (?:n[.°]? ?)?\S*\d\S*)? (?:del|di|datat[ao]|in data|emess[ao] il"
            r"|ricevut[ao] il)"
        ),
        r"(?:datat[ao]|in data|scadut[ao] il|scadenza(?: il| del| al)?|scadeva il|consegnat[ao] il|ordinat[ao] il)",
    ),
    not_amounts=(
        (
            r"(?:fattur[ae]|fatt|ft|n[°.]|nr|num|numero|rif|riferimento|cliente|conto|pratica|ordine|tel"
            r"|ddt)(?: n[°.]?| numero| nr)?[.:#]? ?#?\d[\d .,]*"
        ),
        (
            r"\d+ (?:giorn[oi]|settiman[ae]|mes[ei]|or[ae]|ann[oi]|minuti|volt[ae]|pezz[oi]|unità|persone"
            r"|dipendenti|fatture|articoli|scatole|rat[ae])"
        ),
        r"(?:alle|ore) \d+",
    ),
    clause_words=(
        r"ma",
        r"però",
        r"tuttavia",
        r"anche se",
        r"e(?= (?:io|noi|il|la|lo|le|vi|pagherò|pagheremo|faremo|farò|ho|abbiamo|provvederemo)\b)",
        r"perché",
        r"poiché",
    ),
    conditions=(
        r"se(?! possibile)",
        r"quando (?:mi|ci|riceve\w+|avr\w+|sar\w+|vo[i]|arriv\w+)",
        r"(?:non )?appena(?! (?:possibile|posso|possiamo))",
        r"una volta",
        r"purché",
        r"a condizione",
        r"finché",
        r"fino a (?:che|quando)",
        r"dopo (?:aver|la|il|che|il ricevimento)",
        r"a seguito",
        r"al ricevimento",
        r"previ[oa]",
        r"prima (?:di|che)",
        r"in caso",
        r"qualora",
        r"a meno che",
        r"salvo",
    ),
    negations=(r"non", r"mai", r"niente", r"nulla", r"né", r"senza", r"nessun[ao]?", r"neanche", r"nemmeno"),
    absences=(
        r"(?:sono|sarò|siamo) .{0,25}(?:fuori (?:sede|ufficio)|assente|in ferie|in viaggio|in malattia)",
        r"fuori ufficio",
        r"risposta automatica",
        r"(?:in mia assenza|durante la mia assenza|accesso limitato)",
        r"la (?:sua|vostra) richiesta è stata",
    ),
    closings=(
        r"(?:(?:i più |con i )?(?:cordiali|distinti|migliori|cari|tanti) )?saluti(?: cordiali)?(?:[ ,.!].{0,30})?$",
        (
            r"(?:cordialmente|grazie(?: mille)?|un saluto|in attesa .*|resto a .*|restiamo a .*"
            r"|buona (?:giornata|serata)|buon lavoro)(?:[ ,.!].{0,30})?$"
        ),
    ),
    stop_alone=(
        r"stop",
        r"basta",
        r"ferma(?:te)?",
        r"cancellami",
        r"cancella",
        r"disiscrivi(?:mi)?",
        r"disiscrizione",
        r"annulla",
        r"rimuovi(?:mi)?",
    ),
    abbreviations=(
        r"n",
        r"nr",
        r"fatt",
        r"ft",
        r"sig",
        r"sigg",
        r"dott",
        r"rag",
        r"ca",
        r"rif",
        r"tel",
        r"ecc",
        r"es",
        r"spett",
        r"art",
        r"gen",
        r"feb",
        r"apr",
        r"ago",
        r"sett?",
        r"ott",
        r"nov",
        r"dic",
        r"s\.r\.l",
        r"s\.p\.a",
        r"p\.v",
        r"c\.m",
        r"u\.s",
    ),
    cues={
        "promise": Cues(
            plain=(
                rf"(?:vi |la |lo |le |li |ve lo |ve la )*{_WILL}",
                (
                    r"(?:ci impegniamo|mi impegno|si impegna|prometto|promettiamo|promette|conto|contiamo"
                    rf"|intendo|intendiamo)(?: \S+)? (?:a |di )?{_PAY}"
                ),
                rf"{_THING} (?:sarà|saranno|verrà|verranno|partirà|arriverà|seguirà)(?! (?:mai|contestat))",
                r"(?:riceverete|avrete|riceverà) (?:il|la|i) (?:pagamento|bonifico|soldi|denaro|saldo|somma)",
                rf"(?:sto|stiamo) per {_PAY}",
            ),
            dated=(
                rf"(?:vi |la |lo |le |li |ve lo |ve la )*{_DOES}",
                rf"(?:posso|possiamo|può|riesco a|riusciamo a|potremo|potrò) {_PAY}",
                r"(?:promesso|promette|promessa)",
                (
                    rf"{_THING} (?:è|sono|parte|partono|arriva|va|viene)(?: \S+){{0,2}}? ?(?:previst[oaie]"
                    r"|programmat[oaie]|pianificat[oaie]|approvat[oaie]|in|il|nel|con)?"
                ),
                r"(?:pagamento|bonifico|saldo|versamento) (?:il|entro|per|previsto|programmato|domani|oggi|al)",
                r"(?:riceverete|avrete)",
                r"(?:disposizione|giro) (?:dei )?pagamenti",
            ),
            unless=(
                (
                    r"(?:spero|speriamo|spera|proverò|proveremo|cercherò|cercheremo|forse|magari|vorrei"
                    r"|vorremmo|eventualmente)"
                ),
                r"chi (?:paga|pagherà)",
                r"(?:voi|lei) (?:pagherete|dovete|avete promesso|chiedete)|(?:avevate|avete) (?:detto|promesso)",
                r"(?:client[ei]|assicurazione|inquilino) .{0,25}(?:mi|ci) (?:paga|pagherà|pagano)",
                r"(?:neanche|nemmeno) un (?:euro|centesimo)",
                r"contest\w+",
                r"già",
                r"(?:ieri|scorsa|scorso)",
                r"attenzione",
            ),
        ),
        "already_paid": Cues(
            plain=(
                rf"(?:ho|abbiamo|ha|hanno|avevo|avevamo)(?: \S+){{0,3}}? {_DONE}",
                rf"(?:è|sono|era|erano) (?:già |stat[oaie] |regolarmente |ormai )+(?:\S+ )?{_DONE}",
                rf"(?:risulta|risultano) (?:\S+ )?{_DONE}",
                rf"{_THING} (?:è|sono) {_DONE}$",
                rf"già (?:\S+ )?{_DONE}",
                (
                    r"(?:fatto|effettuato|disposto|inviato|eseguito) (?:\S+ )?(?:il|un|questo) (?:bonifico"
                    r"|pagamento|versamento)"
                ),
                (
                    r"(?:bonifico|pagamento|versamento) (?:è |è già |è stato |risulta )+(?:partito|fatto"
                    r"|effettuato|eseguito|disposto|inviato|in corso|andato)"
                ),
                (
                    r"(?:allego|alleghiamo|in allegato|allegat[oa]|trovate|ecco) .{0,30}(?:contabile|ricevuta"
                    r"|distinta|prova|copia del bonifico|estratto conto|cro)"
                ),
                r"^(?:già )?(?:pagat[oa]|saldat[oa])(?: |$)",
                rf"{_DONE} (?:ieri|oggi|il|in data|la settimana|con bonifico|tramite)",
                r"addebitat[oaie] sul (?:nostro|mio) conto",
            ),
            unless=(
                r"sempre (?:\S+ )?(?:pagat[oaie]|saldat[oaie])",
                (
                    r"(?:sarà|saranno|verrà|verranno|deve|dovrebbe|va|da"
                    r"|essere)(?: \S+){0,2}? (?:pagat[oaie]|bonificat[oaie]|versat[oaie]|liquidat[oaie]"
                    r"|saldat[oaie]|effettuat[oaie]|dispost[oaie])"
                ),
                r"(?:mi|ci) (?:ha|hanno) (?:\w+ )?pagato",
                r"(?:inviate|mandate|fornite|inviateci|mandatemi) .{0,25}(?:contabile|ricevuta|prova|copia)",
                r"(?:pensavo|credevo|pensavamo|verifico|verifichiamo|controllo|controlliamo)",
                r"(?:client[ei]|inquilino) .{0,25}(?:mi|ci|non)",
                r"(?:problema|reso|ordine|reclamo|consegna|controll\w+|modific\w+) .{0,15}(?:effettuat|saldat)",
                r"(?:ordine|reso|reclamo|contestazione|consegna|verifiche|lavori) .{0,10}effettuat",
                r"effettuat[oaie] (?:un|il|la|i) (?:ordine|reso|reclamo|consegna|lavori)",
            ),
        ),
        "dispute": Cues(
            plain=(
                (
                    r"(?:contesto|contestiamo|contesta|contestazione|contestare|contestata"
                    r"|reclamo(?! pagamento)|rifiuto|rifiutiamo|mi rifiuto|ci rifiutiamo|disaccordo|respingo"
                    r"|respingiamo)"
                ),
                (
                    rf"{_CLAIM} .. (?:sbagliat[oaie]|errat[oaie]|scorrett[oaie]|non dovut[oaie]|eccessiv[oaie]"
                    r"|tropp[oa] alt[oa]|doppi[oa]|duplicat[oa]|gonfiat[oa])"
                ),
                rf"(?:errore|errori) (?:in|di|nella|nel|sulla|sul|nell') ?(?:\w+ )?(?:{_CLAIM})",
                (
                    rf"{_GOODS} .. (?:danneggiat[oaie]|rott[oaie]|difettos[oaie]|incomplet[oaie]|guast[oaie]"
                    r"|sbagliat[oaie]|rovinat[oaie]|manca|mancano|mancavano|mancante|mancanti"
                    r"|non conform[ei])"
                ),
                rf"(?:manca|mancano|mancavano) .{{0,25}}{_GOODS}",
                (
                    r"(?:attendiamo|attendo|aspettiamo|aspetto|aspettando|attesa|manca|promess[oa]|emettere|emettete"
                    r"|emessa|dov'è) .{0,40}nota (?:di )?(?:credito|accredito)"
                ),
                r"(?:fatturat[oaie]|addebitat[oaie]|conteggiat[oaie]) (?:\w+ )?(?:due volte|doppio|in più|per errore)",
                r"prezzo (?:concordato|pattuito|del preventivo|convenuto)",
                (
                    r"(?:quanto|come) (?:concordato|pattuito|da preventivo)(?=.{0,40}(?:non|diverso|invece))"
                    r"|diverso da (?:quanto|quello) (?:\w+ )?(?:concordato|pattuito|ordinato)"
                ),
                (
                    r"(?:correggere|rettificare|correggete|rettificate|stornare|stornate"
                    r"|modificare) .{0,20}fattura|fattura (?:corretta|rettificata)(?= )"
                ),
                (
                    r"(?:reso|restituit[oaie]|rispedit[oaie]|annullat[oai]|disdett[oa]) .{0,30}(?:merc[ei]"
                    r"|ordine|contratto|abbonamento|articol[oi]|material[ei]|prodott[oi])|(?:merc[ei]|ordine"
                    r"|contratto|abbonamento|material[ei]|prodott[oi]) .{0,25}(?:res[oaie]|restituit[oaie]"
                    r"|annullat[oai]|disdett[oa])"
                ),
                r"vizi|difett[oi]|lamentela",
                r"sconto .{0,30}(?:manca|dimenticato)",
                r"tratteniamo|trattenere il pagamento",
                r"fatturazione doppia|doppia fatturazione",
            ),
            negative=(
                (
                    r"(?:mai|non)(?: \S+){0,3}? (?:ordinat[oaie]|richiest[oaie]|firmat[oaie]|concordat[oaie]"
                    r"|commissionat[oaie]|accettat[oaie]|acquistat[oaie])"
                ),
                (
                    r"(?:non|mai|nulla|niente)(?: \S+){0,3}? (?:ricevut[oaie]|consegnat[oaie]"
                    rf"|arrivat[oaie])(?=.{{0,60}}{_GOODS})|{_GOODS} .{{0,20}}(?:non"
                    r"|mai)(?: \S+){0,3}? (?:arrivat[oaie]|ricevut[oaie]|consegnat[oaie]|funziona"
                    r"|funzionano|terminat[oaie]|finit[oaie]|eseguit[oaie]|corrispond\w+|conform[ei]"
                    r"|completat[oaie])"
                ),
                (
                    rf"{_CLAIM} .{{0,25}}non (?:\S+ )?(?:corrett[oaie]|corrispond\w+|torna|tornano|conform[ei]"
                    r"|dovut[oaie]|giust[oaie]|nostr[oaie]|quello|concordat[oaie]|congru[oa])"
                ),
                (
                    r"non (?:\w+ )?(?:pagherò|pagheremo|pago|paghiamo|intendiamo pagare|intendo pagare"
                    r"|salderemo)(?: .{0,40}(?:finché|fino|perché|quest|nulla|niente|un|prima|se|per|la"
                    r"|fattura)|$)"
                ),
                r"(?:neanche|nemmeno) un (?:euro|centesimo)",
                r"non (?:sono|siamo) (?:d'accordo|affatto d'accordo)",
                r"non (?:è|sono) (?:quanto|quello che|come) .{0,20}(?:concordat|pattuit|ordinat)\w+",
                r"non (?:dobbiamo|devo|riconosco|riconosciamo|accetto|accettiamo)(?! pagare entro)",
                (
                    r"non (?:è stat[oa]|sono stat[ie]|avete) (?:\w+ )?(?:detratt[oaie]|applicat[oaie]"
                    r"|consideratt?[oaie]|scalat[oaie]|accreditat[oaie])"
                ),
            ),
            unless=(
                r"non (?:\S+ )?(?:contest\w+|reclam\w+)",
                r"(?:nessuna?|senza) (?:contestazione|reclamo|obiezione|lamentela|difetto)",
                r"(?:nostro|mio|nostra|mia) (?:errore|colpa|banca|parte|svista)",
                r"errore (?:nostro|mio|della banca|della nostra)",
                r"(?:iban|conto|coordinate) .{0,20}(?:errat|sbagliat)",
                r"(?:fattura|tutto) (?:è )?(?:corrett[oa]|a posto|in ordine|conforme)$",
                r"incontestat",
            ),
        ),
        "hardship": Cues(
            plain=(
                (
                    r"(?:difficoltà|problem[ai]|crisi|tension[ei]) (?:\w+ )?(?:economic[ahe]+|finanziari[aoe]"
                    r"|di liquidità|di cassa|di denaro|di pagamento)"
                ),
                r"(?:mancanza|carenza|crisi|problemi) di liquidità",
                r"in difficoltà(?! a trovare)",
                (
                    r"fallimento|fallit[oa]|procedura concorsuale|concordato preventivo"
                    r"|liquidazione giudiziale|insolven\w+|bancarotta"
                ),
                r"disoccupat[oaie]",
                (
                    r"(?:perso|perdita del) (?:il |la |il mio |il nostro )?(?:lavoro|posto|principale cliente"
                    r"|cliente principale)"
                ),
                r"licenziat[oa]|cassa integrazione",
                r"(?:in|all') ?ospedale|ricoverat[oa]",
                r"gravemente malat[oa]|grave malattia",
                r"(?:a|in) (?:\w+ )?rate|rateizza\w*|rateal\w*|dilazion\w+|piano di (?:rientro|pagamento)",
                r"(?:situazione|periodo|momento) (?:\w+ )?(?:difficile|complicat[oa]|delicat[oa]|critic[oa])",
                r"chiudere (?:l'attività|il negozio|l'azienda|il ristorante)",
                r"conto in rosso",
            ),
            negative=(
                (
                    r"non (?:\w+ )?(?:posso|possiamo|può|riesco a|riusciamo a|potrò|potremo|sono in grado di"
                    rf"|siamo in grado di)(?: \S+){{0,2}}? {_PAY}"
                ),
                (
                    r"non (?:\w+ )?(?:ho|abbiamo|c'è|ci sono|dispongo|disponiamo)(?: \S+){0,3}? (?:soldi"
                    r"|denaro|fondi|liquidità|disponibilità|liquidi|entrate)"
                ),
                r"(?:impossibile|impossibilitat[oaie]) (?:a |per noi |per me )?(?:pagare|saldare)",
                r"senza (?:soldi|lavoro|entrate)",
            ),
            unless=(
                r"online",
                r"con (?:\w+ )?(?:carta|bancomat)",
                r"link",
                r"portale",
                r"sito|pagina",
                r"pulsante",
                r"iban|coordinate",
                r"finché (?:non )?(?:ci|mi|avete|riceviamo)",
                r"prima (?:di|che)",
                r"senza (?:la|il|una|vostra|fattura|numero)",
                (
                    r"(?:nessuna?|non|senza) (?:abbiamo |ho |siamo in |ci sono )?(?:\w+ )?(?:difficoltà"
                    r"|problem[ai]) (?:economic|finanziari|di)"
                ),
                r"due volte",
                r"sbagliat\w+|errat\w+",
            ),
        ),
        "wrong_person": Cues(
            plain=(
                (
                    r"(?:persona|indirizzo|numero|contatto|ufficio|azienda|destinatario|referente"
                    r"|mail) (?:sbagliat[oa]|errat[oa])"
                ),
                r"(?:sbagliato|errato) (?:persona|indirizzo|numero|destinatario|azienda|interlocutore)|avete sbagliato",
                (
                    r"(?:si prega|vi prego|potete|dovete|contattate|rivolgetevi|scrivete|si rivolga|contatti"
                    rf"|inviate|bisogna|prego)(?: \S+){{0,4}}? .{{0,30}}{_ACCOUNTS}"
                ),
                r"lasciato (?:l'azienda|la società|la ditta|l'impresa)",
                r"nuov[oa] (?:referente|contatto|responsabile)",
                r"(?:scambiato|confuso) (?:con|per)",
            ),
            negative=(
                (
                    r"non (?:\w+ )?(?:sono|siamo|è) (?:\w+ )?(?:la persona|il responsabile|la responsabile"
                    r"|il referente|il contatto|l'azienda|il destinatario|l'indirizzo|giust[oa]|l'ufficio"
                    r"|io (?:il|la)|io che)"
                ),
                r"non (?:lavoro|lavora|lavoriamo) (?:più|qui|per|in)",
                r"non (?:sono|è|faccio|fa) più (?:\w+ )?(?:in|parte|dipendente|responsabile|con|presso)",
                r"non (?:conosco|conosciamo) (?:questa|la vostra|quest'|la) ?(?:azienda|ditta|società|persona)",
                r"non (?:mi occupo|gestisco|seguo|ci occupiamo)",
                r"non (?:è|sono) (?:\w+ )?(?:nostr[oa]|mi[oa]) (?:fattura|azienda|competenza|ufficio)",
                r"non di mia competenza",
            ),
            unless=(
                r"consegn\w+",
                r"merce|ordine",
                r"nota (?:di )?credito",
                r"(?:ho|abbiamo|è stat[oa]) (?:\w+ )?(?:inoltrat|girat|passat|trasmess|inviat)\w+",
                r"allegat\w+",
            ),
        ),
        "stop": Cues(
            plain=(
                (
                    r"(?:smettete|smettetela|smetta|smettila|finitela|finite|cessate) (?:subito )?(?:di "
                    r"|con )?(?:\w+ )?(?:scriver(?:mi|ci)|contattar(?:mi|ci)|chiamar(?:mi|ci)|telefonar(?:mi"
                    rf"|ci)|mandar(?:mi|ci)|inviar(?:mi|ci)|disturbar(?:mi|ci)|{_MESSAGES}|tormentar(?:mi|ci)"
                    rf"|scrivere|inviare {_MESSAGES}|mandare {_MESSAGES})"
                ),
                (
                    r"(?:cancellate|rimuovete|eliminate|toglie(?:te)?)(?:mi|ci)? .{0,40}(?:lista|elenco"
                    r"|mailing|database|dati|archivi\w*|indirizzo|numero|nominativo)|(?:cancellatemi"
                    r"|rimuovetemi|toglietemi)"
                ),
                r"lasciate(?:mi|ci) in pace",
                rf"basta (?:con (?:i |le |questi |queste |questo )?)?(?:\w+ )?{_MESSAGES}",
                r"disiscriv\w+",
            ),
            negative=(
                (
                    r"non (?:mi |ci )?(?:\w+ )?(?:contattate|scrivete|contattatemi|scrivetemi|chiamate"
                    r"|chiamatemi|mandate|mandatemi|inviate|inviatemi|disturbate|contattateci|scriveteci"
                    r"|inviateci)(?:mi|ci)?(?: \S+){0,4}? ?(?:più|mai più|oltre|ancora)"
                ),
                (
                    r"non (?:voglio|vogliamo|desidero|desideriamo|intendo) (?:più )?(?:ricevere"
                    rf"|essere contattat[oaie]|altr[ie])(?: \S+){{0,4}}? ?(?:{_MESSAGES}|più|oltre)?"
                ),
            ),
            unless=(
                r"(?:necessari[oaie]|servono|occorre|bisogno)",
                r"newsletter",
                r"(?:consegn[ae]|fornitur[ae]|lavori|produzione|servizio)",
                r"cartace\w+|carta|posta",
                r"(?:durante|fino a) (?:le|mie|le mie|al) (?:ferie|vacanze)",
            ),
        ),
    },
)
