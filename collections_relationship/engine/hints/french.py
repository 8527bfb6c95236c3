"""What customers write in French."""

from .language import Cues, Language, counted

_PAY = (
    r"(?:payer|régler|solder|virer|verser|effectuer|faire|procéder|acquitter|honorer|envoyer (?:le |un |mon "
    r"|notre )?(?:paiement|règlement|virement|chèque))"
)
_WILL = (
    r"(?:paierai|paierons|paiera|paieront|payerai|payerons|payera|réglerai|réglerons|réglera|règlerai"
    r"|règlerons|règlera|solderai|solderons|virerai|virerons|verserai"
    r"|verserons|versera|effectuerai|effectuerons|effectuera|acquitterai|ferai (?:le|un) virement"
    r"|ferons (?:le|un) virement|procéderai|procéderons)"
)
_DOES = (
    r"(?:paie|paye|payons|paient|règle|réglons|verse|versons|vire|virons|solde|soldons|effectue|effectuons"
    r"|fais (?:le|un) virement|faisons (?:le|un) virement)"
)
_DONE = r"(?:payée?s?|réglée?s?|soldée?s?|virée?s?|versée?s?|effectuée?s?|acquittée?s?|débitée?s?|exécutée?s?)"
_THING = (
    r"(?:factures?|paiements?|règlements?|virements?|montants?|sommes?|argent|chèque|solde|tout|elles?|ils?"
    r"|cela|ça|reste|échéances?|acompte)"
)
_GOODS = (
    r"(?:marchandises?|livraisons?|articles?|commandes?|produits?|colis|pièces?|machines?|matériel|travaux"
    r"|prestations?|réparations?|chaises?|meubles?|palettes?|cartons?|services?|installation)"
)
_CLAIM = r"(?:factures?|montants?|prix|quantités?|tva|total|tarifs?|calculs?|facturation|somme|heures)"
_MESSAGES = r"(?:e-?mails?|mails?|courriels?|messages?|relances?|sms|courriers?|lettres?|appels?|rappels?)"
_ACCOUNTS = (
    r"(?:comptabilité|service comptable|comptable|service financier|siège|collègues?|successeur|fournisseurs"
    r"|mandataire|administrateur judiciaire|syndic|\S+@\S+)"
)

FRENCH = Language(
    code="fr",
    function_words=(
        "le la les de des du un une et est en que qui dans pour pas ne je nous vous il elle sur au aux "
        "par avec ce cette ces"
        " son sa ses mon ma mes notre nos votre vos plus mais ou si bonjour merci cordialement a ai avons "
        "avez sont être été"
        " bien tout déjà encore madame monsieur c'est n'est j'ai d'ici on nous l"
    ),
    months=counted(
        1,
        "janvier janv",
        "février fév févr",
        "mars",
        "avril avr",
        "mai",
        "juin",
        "juillet juil",
        "août",
        "septembre sept",
        "octobre oct",
        "novembre nov",
        "décembre déc",
    ),
    weekdays=counted(0, "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    numbers={
        "une?": 1,
        "deux": 2,
        "trois": 3,
        "quatre": 4,
        "cinq": 5,
        "six": 6,
        "sept": 7,
        "huit": 8,
        "neuf": 9,
        "dix": 10,
        "douze": 12,
        "quinze": 15,
        "vingt": 20,
        "trente": 30,
    },
    units={"jours? (?:ouvrés?|ouvrables?)": "bank_day", "jours?": "day", "semaines?": "week", "mois": "month"},
    days=(
        (r"{day}(?:er)? {month}\.?(?: {year})?", "day_month"),
        (r"après-demain|apres demain", "day+2"),
        (r"demain(?: matin| soir| après-midi)?", "day+1"),
        (r"aujourd'hui|ce jour|ce matin|ce soir|cet après-midi", "day+0"),
        (r"avant-hier", "day-2"),
        (r"hier(?: soir| matin)?", "day-1"),
        (r"{weekday} de la semaine prochaine|la semaine prochaine,? (?:le )?{weekday}", "weekday+1"),
        (r"{weekday} de la semaine (?:dernière|passée)", "weekday-1"),
        (
            (
                r"(?:d'ici |à |en |au cours de |courant )?(?:la )?(?:fin de )?(?:la )?semaine prochaine"
                r"|fin de semaine prochaine|début de semaine prochaine"
            ),
            "week+1",
        ),
        (
            (
                r"dans le courant de la semaine|(?:la |en |d'ici la )?fin de (?:la |cette )?semaine|(?:dans "
                r"|courant |durant )?(?:cette|la) semaine(?! (?:dernière|passée))"
            ),
            "week+0",
        ),
        (r"(?:la )?semaine (?:dernière|passée)", "week-1"),
        (r"(?:au )?début (?:du|de) mois prochain|début du mois", "beginning+1"),
        (r"(?:la )?mi-mois|(?:au )?milieu du mois", "middle+0"),
        (r"(?:la |en )?fin du mois prochain|(?:le |au )?mois prochain|courant du mois prochain", "month+1"),
        (r"(?:la |en |à )?fin (?:du|de|de ce) mois|ce mois-ci|(?:avant|d'ici) la fin du mois", "month+0"),
        (r"le {day}(?:er)? du mois prochain", "day_of_month+1"),
        (r"le {day}(?:er)? (?:du|de ce) mois", "day_of_month+0"),
        (r"(?:la |à la )?fin (?:du mois (?:de |d'))?{month}(?: {year})?", "end_of"),
        (r"(?:la )?mi[- ]{month}(?: {year})?", "middle_of"),
        (r"(?:au )?début (?:du mois (?:de |d'))?{month}(?: {year})?", "beginning_of"),
        (r"(?:en|courant|au mois de|au mois d') ?{month}(?: {year})?", "end_of"),
        (r"{weekday} en huit", "weekday+1"),
        (r"{weekday} prochain", "next_weekday"),
        (r"{weekday} (?:dernier|passé)", "weekday-1"),
        (r"(?:ce |le )?{weekday}", "weekday"),
        (r"(?:dans|sous|d'ici)(?: les)?(?: un délai de)? {number}(?: à \d+)? {unit}", "after"),
        (r"(?:il y a|voici|voilà) {number} {unit}", "ago"),
        (r"(?:le|au|du) {day}(?:er)?(?= *(?:[.,;!)]|$|au plus tard|prochain|par|et))(?! ?[/-])", "day_of_month"),
    ),
    decimal=",",
    open_start=(r"(?:à partir|à compter|après|depuis|pas avant|dès|au plus tôt)(?: du| de| le)?",),
    of_document=(
        (
            r"(?:factures?|courriers?|lettres?|relances?|e-?mails?|mails?|courriels?|messages?|relevés?"
            r"|commandes?|bons?|devis|avoirs?)(?: (?:n°? ?)?\S*\d\S*)? (?:du|de|datée? du|en date du"
            r"|reçue? le)"
        ),
        r"(?:datée? du|en date du|échue? (?:le|au|depuis le)|échéance (?:du|au|était le)|livrée?s? le|commandée?s? le)",
    ),
    not_amounts=(
        (
            r"(?:factures?|fact|n°|no|num|numéro|réf|référence|client|compte|dossier|commande|bon|bp|tél"
            r"|téléphone|devis)(?: n°| numéro)?[.:#]? ?#?\d[\d .,]*"
        ),
        (
            r"\d+ (?:jours?|semaines?|mois|heures?|ans?|années?|minutes|fois|pièces?|unités?|personnes"
            r"|salariés|factures|articles|colis|échéances|mensualités)"
        ),
        r"(?:à|vers) \d+ ?h\d*",
        r"\d+,? (?:rue|avenue|bd|boulevard)",
    ),
    clause_words=(
        r"mais",
        r"cependant",
        r"toutefois",
        r"par contre",
        r"en revanche",
        r"et(?= (?:je|nous|il|elle|vous|on|j'|le|la|les|cela|ça)\b)",
        r"car",
        r"parce que",
    ),
    conditions=(
        r"si(?! besoin)",
        r"s'il",
        r"s'ils",
        r"dès (?:que(?! (?:possible))|réception|lors)",
        r"une fois",
        r"lorsque",
        r"quand",
        r"à condition",
        r"sous réserve",
        r"après (?:réception|avoir|votre|la|vérification|correction)",
        r"à réception",
        r"tant que",
        r"jusqu'à ce que",
        r"avant que",
        r"avant de",
        r"au cas où",
        r"en cas",
        r"en attendant",
    ),
    negations=(
        r"pas",
        r"jamais",
        r"plus rien",
        r"rien",
        r"aucune?",
        r"ni",
        r"sans(?! faute| problème| souci| tarder| délai)",
        r"non",
        r"ne",
        r"n'\w+",
        r"personne",
    ),
    absences=(
        (
            r"(?:je suis|je serai|nous sommes) (?:actuellement |absente? |en )?.{0,30}(?:absente?|en congés?"
            r"|en déplacement|en vacances|hors du bureau|fermés?)"
        ),
        r"absente? du bureau",
        r"réponse automatique",
        r"(?:de retour|accès limité|en mon absence|pendant mon absence)",
        r"votre (?:demande|message) a (?:bien )?été (?:reçue?|enregistrée?)",
    ),
    closings=(
        (
            r"(?:bien )?(?:cordialement|sincèrement|respectueusement|salutations|amicalement|cdlt|cdt"
            r"|bav)(?:[ ,.!].{0,25})?$"
        ),
        (
            r"(?:bien à vous|salutations distinguées|meilleures salutations|bonne (?:journée|réception|soirée)"
            r"|merci|sincères salutations|dans l'attente.*)(?:[ ,.!].{0,30})?$"
        ),
        r"(?:je vous prie|veuillez|nous vous prions) (?:d'|de )?(?:agréer|recevoir|croire).*",
    ),
    stop_alone=(
        r"stop",
        r"arrêt",
        r"arrêtez?",
        r"désabonner",
        r"désabonnez[- ]moi",
        r"désinscrire",
        r"désinscription",
        r"désabonnement",
        r"stop sms",
        r"résilier",
    ),
    abbreviations=(
        r"n°",
        r"no",
        r"m",
        r"mme",
        r"mlle",
        r"env",
        r"réf",
        r"tél",
        r"fact",
        r"cf",
        r"etc",
        r"ex",
        r"st",
        r"ste",
        r"art",
        r"janv",
        r"févr?",
        r"avr",
        r"juil",
        r"sept",
        r"oct",
        r"nov",
        r"déc",
    ),
    cues={
        "promise": Cues(
            plain=(
                (
                    r"(?:(?:je|nous|il|elle|ils|on|client|cliente|comptable|comptabilité) (?:vous )?(?:la "
                    rf"|le |les |l')?)?{_WILL}"
                ),
                (
                    rf"(?:vais|allons|va|vont)(?: \S+){{0,2}}? {_PAY} .{{0,40}}(?:paiement|règlement|virement"
                    r"|facture|montant|solde|somme|\d)|(?:vais|allons|va|vont) (?:vous |le |la |les "
                    r"|tout )*(?:payer|régler|solder|virer|verser)"
                ),
                (
                    r"(?:m'engage|nous engageons|s'engage|promets|promettons|promet|prévois|prévoyons|compte"
                    rf"|comptons) (?:à |de )?(?:vous |le |la |les )*{_PAY}"
                ),
                (
                    rf"{_THING}(?: \S+){{0,4}}? (?:sera|seront)(?: \S+){{0,3}}? (?:{_DONE}|faite?s?|envoyée?s?"
                    r"|mise? en paiement|sur votre compte|émise?|ordonnancée?)"
                ),
                r"(?:paiement|règlement|virement) (?:partira|suivra|interviendra|aura lieu|va partir|arrivera|suit)",
                r"vous (?:recevrez|aurez) (?:le|votre|un|notre) (?:paiement|règlement|virement|argent|chèque)",
            ),
            dated=(
                rf"(?:je|nous|on|il|elle) (?:vous )?(?:la |le |les |l')?{_DOES}",
                rf"(?:peux|pouvons|peut)(?: \S+){{0,3}}? {_PAY}",
                r"(?:promis|promet|promesse)",
                (
                    rf"{_THING} (?:est|sont|a été)(?: \S+){{0,2}}? (?:prévue?s?|programmée?s?|planifiée?s?"
                    r"|validée?s?|mise? en paiement)"
                ),
                (
                    r"(?:paiement|règlement|virement) (?:prévu|programmé|planifié|le|au|avant|pour|d'ici|part"
                    r"|se fera|lundi|mardi|mercredi|jeudi|vendredi|demain|sous|dans)"
                ),
                r"vous (?:recevrez|aurez)",
                r"(?:prochaine|dans la|notre) campagne de (?:paiement|règlement)",
            ),
            unless=(
                (
                    r"(?:espère|espérons|essaie|essayons|essaierai|tenterai|peut-être|aimerais|aimerions"
                    r"|voudrais|éventuellement|pense pouvoir)"
                ),
                r"qui (?:va|paiera|doit)",
                r"vous (?:paierez|allez payer|devez|avez promis|m'aviez|exigez|réclamez|demandez)",
                r"(?:clients?|assurance|locataire) .{0,30}(?:me|nous) (?:paie|paiera|règle|payer)",
                r"un centime",
                r"attention",
                r"conteste|contestons",
            ),
        ),
        "already_paid": Cues(
            plain=(
                rf"(?:ai|avons|a|ont|avait|avions)(?: \S+){{0,4}}? {_DONE}",
                rf"(?:a|ont) (?:déjà |bien |bel et bien )*été(?: \S+){{0,3}}? {_DONE}",
                rf"(?:est|sont)(?: \S+)? (?:déjà |bien |bel et bien )+(?:{_DONE}|partie?s?|faite?s?)",
                rf"{_THING} (?:est|sont) (?:payée?s?|réglée?s?|soldée?s?)$",
                (
                    r"(?:fait|effectué|envoyé|émis|passé|lancé|ordonné) (?:\w+ )?(?:le|un|ce|notre|mon"
                    r"|votre) (?:virement|paiement|règlement|chèque)"
                ),
                (
                    r"(?:virement|paiement|règlement|chèque) (?:est |a été |a bien été "
                    r"|vient d'être )?(?:déjà |bien )*(?:parti|fait|effectué|envoyé|émis|exécuté|débité|passé"
                    r"|en cours|encaissé)"
                ),
                (
                    r"(?:ci-joint|joint|trouverez|voici) .. (?:preuve|justificatif|avis|confirmation|relevé"
                    r"|ordre) (?:de |du )?(?:paiement|virement|règlement|bancaire|débit)?"
                ),
                r"déjà (?:payée?s?|réglée?s?|soldée?s?|versée?s?)",
                r"^(?:payée?|réglée?|soldée?)(?: (?:hier|ce|le|la|depuis|par|il y a)|$)",
                r"débitée?s? (?:de|sur) (?:notre|mon) compte",
                (
                    r"(?:viens|venons|vient) de (?:vous )?(?:payer|régler|faire (?:le|un) virement|virer"
                    r"|effectuer|procéder)"
                ),
            ),
            unless=(
                r"toujours (?:été )?(?:payée?s?|réglée?s?)",
                r"(?:sera|seront|aurait|devrait|doit|dois|faut)(?: \S+){0,4}? (?:payée?|réglée?|effectuée?|virée?)",
                r"(?:me|nous)(?: \S+)? (?:a|ont) (?:pas )?(?:encore )?(?:payée?|réglée?)",
                r"(?:envoyer|envoyez|transmettre|fournir)(?:-nous|-moi)? .{0,20}(?:preuve|justificatif)",
                r"(?:pensais|croyais|(?:je|nous|on) vérifi\w+|(?:vais|allons) (?:vérifier|regarder))",
                r"(?:clients?|locataire) .{0,30}(?:m'|nous |n')(?:a|ont)",
                r"(?:problème|litige|erreur|commande|livraison|retour|avoir) .{0,15}réglée?",
                r"(?:payé|réglé) (?:à tort|deux fois trop)",
                r"acompte .{0,30}rembours\w+",
                r"vous (?:avez|n'avez)",
            ),
        ),
        "dispute": Cues(
            plain=(
                (
                    r"(?:conteste|contestons|contester|contestation|contestée?|litige|réclamation|refuse"
                    r"|refusons|désaccord)"
                ),
                (
                    rf"{_CLAIM} .. (?:erronée?s?|fausses?|faux|incorrecte?s?|inexacte?s?|trop élevée?s?"
                    r"|abusive?|excessif|en double)"
                ),
                (
                    rf"(?:erreur|anomalie) (?:de|sur|dans) (?:\w+ )?{_CLAIM}|erreur (?:de|sur) (?:prix"
                    r"|facturation|quantité|tva)"
                ),
                rf"(?:mauvaise?|fausse|mauvais) (?:{_CLAIM}|{_GOODS}|quantité|référence)",
                (
                    rf"{_GOODS} .. (?:abîmée?s?|cassée?s?|défectueux|défectueuses?|endommagée?s?|incomplète?s?"
                    r"|manquante?s?|non conformes?|inutilisables?|manque|manquent|en panne)"
                ),
                rf"(?:manque|manquait|manquent|manquaient) .. {_GOODS}",
                (
                    r"(?:attendons|attends|attente|manque|promis|émettre|établir|faire parvenir"
                    r"|où est) .{0,40}avoir(?! \w+(?:é|er|ir))"
                ),
                r"(?:facturée?s?|comptée?s?|reçue?s?) (?:deux fois|en double|à tort)",
                r"double facturation|surfactur\w+|doublon",
                r"prix (?:convenu|annoncé|du devis|prévu|négocié)",
                (
                    r"(?:corriger|rectifier|modifier|refaire|corrigez|rectifiez) .{0,20}facture"
                    r"|facture (?:corrigée|rectifiée|rectificative)"
                ),
                (
                    r"(?:annulée?s?|résilié|retournée?s?|renvoyée?s?) .{0,30}(?:commande|contrat|abonnement"
                    r"|marchandise|articles?|colis|produit)|(?:commande|contrat|abonnement|marchandise"
                    r"|articles?|produit) .{0,30}(?:annulée?s?|résiliée?|retournée?s?|renvoyée?s?)"
                ),
                r"malfaçons?|vices?|non[- ]conform\w+",
                r"ce qui (?:était|avait été) (?:convenu|prévu)",
                r"trop[- ]perçu|trop facturé",
                r"remise .{0,30}(?:oubliée|manque)",
            ),
            negative=(
                r"(?:jamais|pas|rien)(?: \S+){0,3}? (?:commandée?s?|signée?|validée?|accepté|demandé)",
                (
                    r"(?:jamais|pas|rien)(?: \S+){0,3}? (?:reçue?s?|été livrée?s?|été effectuée?s?"
                    r"|livrée?s?|réceptionné)(?! .{0,14}(?:facture|mail|courrier|rib|message"
                    rf"|relance))(?=.{{0,60}}{_GOODS})|{_GOODS} .. (?:pas|jamais)(?: \S+){{0,3}}? (?:reçue?s?"
                    r"|arrivée?s?|livrée?s?|terminée?s?|effectuée?s?|faite?s?|conformes?|fonctionne)"
                ),
                (
                    rf"{_CLAIM} .. (?:pas|plus) (?:\S+ )?(?:correcte?s?|bonne?s?|juste|conforme|due?"
                    r"|justifiée?|la nôtre|convenu|exacte?|bon)"
                ),
                (
                    r"(?:ne|n'en|n') ?(?:paierai|paierons|payerai|réglerai|réglerons|règlerons|règlerai|vais"
                    r"|allons) (?:rien|pas)(?! en mesure)"
                ),
                r"(?:paierai|paierons|réglerons|réglerai|verserai) (?:pas|rien)",
                r"pas (?:un centime|d'accord)",
                r"(?:ne|n') ?(?:devons|dois|reconnais|reconnaissons|accepte|acceptons) (?:rien|pas)",
                r"ne correspond(?:ent)? (?:pas|à rien)",
                r"pas (?:été )?(?:déduite?s?|pris en compte|appliquée?)",
                r"hors de question",
                r"pas (?:ce qui|ce que|celui|celle) .{0,25}(?:convenu|prévu|command\w+|demand\w+)",
            ),
            unless=(
                r"(?:pas|nullement|aucunement) (?:\S+ )?(?:contest\w+|litige|réclam\w+|désaccord)",
                r"(?:aucune?|pas de|sans) (?:\w+ )?(?:contestation|litige|réclamation|objection|problème)",
                r"(?:notre|mon|ma|de notre) (?:erreur|faute|banque|part)",
                r"(?:mauvais|faux|erreur de) (?:compte|rib|iban|destinataire|adresse)",
                r"incontest\w+",
                r"(?:facture|tout) est (?:correcte?|conforme|bonne)$",
                r"refuse? de (?:prêt|crédit)|(?:banque|prêt|crédit) .{0,20}refus\w+",
            ),
        ),
        "hardship": Cues(
            plain=(
                (
                    r"(?:difficultés?|problèmes?|soucis?|ennuis?|tensions?) (?:\w+ )?(?:financiers?"
                    r"|financières?|de trésorerie|d'argent|économiques?|de paiement|de liquidités?)"
                ),
                r"trésorerie (?:\w+ )?(?:tendue|difficile|à sec|au plus bas|insuffisante)",
                (
                    r"redressement judiciaire|liquidation judiciaire|procédure de sauvegarde"
                    r"|cessation (?:de paiements?|d'activité)|dépôt de bilan|déposé le bilan"
                ),
                r"faillite",
                r"surendettement|surendettée?",
                r"chômage",
                r"(?:perdu|perte de) (?:mon|notre|son|d'|l')? ?(?:emploi|travail|principal client|plus gros client)",
                r"licenciée?",
                r"hospitalisée?|à l'hôpital",
                r"gravement malade|longue maladie|arrêt maladie",
                (
                    r"(?:en|par) (?:\S+ )?(?:plusieurs fois|mensualités|échéances|versements)|(?:deux|trois"
                    r"|quatre|2|3|4|six|6) fois"
                ),
                r"échéancier|étal(?:er|ement)|facilités? de paiement|échelonn\w+|plan de (?:paiement|règlement)",
                r"(?:situation|période|passe) (?:\w+ )?(?:difficile|délicate|compliquée|financière)",
                r"à découvert",
                r"fermer (?:\w+ )?(?:boutique|magasin|restaurant|entreprise)",
            ),
            negative=(
                (
                    r"(?:peux|pouvons|peut|puis|pourrai|pourrons|pourra|capables?|mesure) (?:\S+ )?(?:pas"
                    r"|plus|de)(?: \S+){0,5}? (?:payer|régler|honorer|verser|solder)(?=.*)"
                ),
                r"(?:incapables?|impossible|pas en mesure) (?:de |d')(?:vous )?(?:payer|régler|honorer|verser)",
                r"(?:pas|plus) (?:d'argent|les moyens|assez d'argent|de trésorerie|de quoi|un sou|les fonds)",
                r"aucune? (?:revenu|rentrée|ressource)s?",
            ),
            unless=(
                r"en ligne",
                r"par (?:carte|cb)",
                r"lien",
                r"portail",
                r"site",
                r"bouton",
                r"connecter",
                r"iban|rib(?= |$)|coordonnées bancaires",
                r"avant (?:que vous|d'avoir|de recevoir)",
                r"tant que",
                r"sans (?:la|le|une|votre|facture|bon)",
                r"(?:aucune?|pas de|pas en|sans) (?:\w+ )?(?:difficultés?|problèmes?|soucis)",
                r"(?:vos|votre) (?:difficultés|situation)",
                (
                    r"deux fois (?:la|cette|le)|facturée?s? deux fois|payée? deux fois|relancée? .{0,15}fois"
                    r"|appelée? .{0,15}fois"
                ),
                r"capables? de livrer",
            ),
        ),
        "wrong_person": Cues(
            plain=(
                (
                    r"(?:mauvaise?|erreur de|mauvais) (?:personne|interlocuteur|interlocutrice|destinataire"
                    r"|adresse|numéro|service|société|contact|mail)"
                ),
                (
                    r"(?:veuillez|merci de|prière de|il faut|pouvez-vous|vous devez|adressez-vous|contactez"
                    r"|écrivez|voyez)(?: \S+){0,4}? .{0,30}(?:contacter|adresser|écrire|voir avec|envoyer"
                    rf"|à|au|avec|la|le|contactez) .{{0,25}}{_ACCOUNTS}"
                ),
                r"(?:a|ai|avons) quitté (?:la société|l'entreprise|l'établissement|mes fonctions|la boîte)",
                r"nouve(?:au|lle) (?:contact|interlocut\w+)",
                r"trompée?s? de (?:personne|destinataire|numéro|société|client|adresse)|vous (?:vous )?trompez de",
            ),
            negative=(
                (
                    r"(?:ne|n')(?: ?\S+){0,2}? (?:plus|pas) (?:\S+ )?(?:la bonne personne"
                    r"|le bon (?:interlocuteur|contact|service|destinataire|numéro)|la bonne (?:adresse"
                    r"|société)|chargée? de|en charge)"
                ),
                r"ne (?:travaille|travaillons|fais|fait) plus",
                (
                    r"(?:plus|pas) (?:dans|chez|partie de|employée?) (?:la société|cette société|l'entreprise"
                    r"|cette entreprise|eux|\w+)"
                ),
                (
                    r"pas (?:concernée?s?|notre facture|ma facture|ma société|notre société"
                    r"|responsable (?:de la|des|du) (?:comptabilité|paiements?|factures?|service))"
                ),
                r"(?:ne )?connais(?:sons)? pas (?:cette|votre|la) (?:société|entreprise|personne)",
                r"(?:ne )?m'occupe (?:pas|plus)",
                r"jamais entendu parler",
            ),
            unless=(
                r"livr\w+",
                r"marchandise",
                r"avoir d'un",
                r"(?:ai|avons|a été|vais|fais) (?:\w+ )?(?:transmi\w+|transmett\w+|transféré\w*|suivre)",
                r"pas encore",
            ),
        ),
        "stop": Cues(
            plain=(
                (
                    r"(?:arrêtez|arrêter|cessez|cesser|stoppez) (?:\S+ )?(?:de |d')?(?:(?:m'|nous |me |vos "
                    r"|ces |tous |tout |les |\w+ )+)?(?:écrire|contacter|appeler|envoyer (?:des |vos |ces "
                    rf"|tous )?(?:\w+ )?{_MESSAGES}|harceler|relancer|téléphoner|déranger|{_MESSAGES}|contact)"
                ),
                (
                    r"(?:retirez|supprimez|enlevez|effacez|rayez|retirer|supprimer|enlever|effacer"
                    r"|rayer)(?:-moi|-nous| \w+)? .{0,40}(?:liste|fichier"
                    r"|base|données|adresse|numéro)"
                ),
                r"désabonn\w+|désinscri\w+",
                r"laissez[- ](?:moi|nous) (?:tranquilles?|en paix)",
                r"harcèlement|harcel\w+",
                rf"plus (?:de|aucun|d') ?{_MESSAGES}",
            ),
            negative=(
                (
                    r"(?:ne|n') ?(?:me|nous|m')? ?(?:contactez|écrivez|appelez|envoyez|relancez"
                    r"|téléphonez)(?: \S+)? (?:plus|jamais)"
                ),
                (
                    r"(?:ne|n') (?:souhaite|veux|voulons|souhaitons|désire) (?:plus"
                    r"|pas) (?:être (?:contactée?s?|relancée?s?|dérangée?s?|appelée?s?)"
                    rf"|recevoir .{{0,25}}{_MESSAGES}|de (?:vos )?{_MESSAGES})"
                ),
                r"plus (?:être )?(?:contactée?s?|sollicitée?s?|relancée?s?)",
                (
                    r"ne (?:plus|jamais) (?:me |m'|nous )(?:contacter|écrire|appeler|relancer|solliciter|téléphoner"
                    rf"|déranger|envoyer (?:(?:de |d'|des |vos |ces |tous )+)?{_MESSAGES})"
                ),
            ),
            unless=(
                r"(?:nécessaires?|utiles?|besoin|inutiles?)",
                r"newsletter|lettre d'information",
                (
                    r"(?:arrêt\w*|stopp\w*|cess\w*) .{0,15}(?:livraisons?|travaux|production|prestations?"
                    r"|commande|abonnement|chantier)"
                ),
                r"papier|postal",
                r"(?:pendant|durant) (?:mes|nos|les) (?:congés|vacances)",
            ),
        ),
    },
)
