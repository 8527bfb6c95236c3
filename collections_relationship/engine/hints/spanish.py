"""What customers write in Spanish."""

from .language import Cues, Language, counted

_PAY = (
    r"(?:pagar|abonar|liquidar|transferir|ingresar|saldar|cancelar|hacer (?:la|el|una|un) (?:transferencia"
    r"|pago|ingreso)|realizar (?:la|el|una|un) (?:transferencia|pago|ingreso)|efectuar (?:la|el|una"
    r"|un)? ?(?:transferencia|pago)|enviar (?:la|el|una|un) (?:transferencia|pago|dinero))(?:le|les|la|lo|los"
    r"|las|se|selo)?"
)
_WILL = (
    r"(?:pagaré|pagaremos|pagará|pagarán|abonaré|abonaremos|abonará|liquidaré|liquidaremos|transferiré"
    r"|transferiremos|ingresaré|ingresaremos|saldaré|saldaremos|haré (?:la|el|una|un) (?:transferencia|pago"
    r"|ingreso)|haremos (?:la|el|una|un) (?:transferencia|pago|ingreso)|realizaré (?:la|el)|realizaremos (?:la"
    r"|el)|efectuaré|efectuaremos)"
)
_DOES = (
    r"(?:pago|pagamos|paga|pagan|abono|abonamos|transfiero|transferimos|ingreso|ingresamos|liquido|liquidamos"
    r"|hago (?:la|el|una|un) (?:transferencia|pago|ingreso)|hacemos (?:la|el|una|un) (?:transferencia|pago"
    r"|ingreso))"
)
_DONE = r"(?:pagad[oa]s?|abonad[oa]s?|liquidad[oa]s?|transferid[oa]s?|ingresad[oa]s?|saldad[oa]s?|cargad[oa]s?)"
_PAST = (
    r"(?:pagué|pagamos|pagaron|aboné|abonamos|transferí|transferimos|transfirió|ingresé|ingresamos|liquidé"
    r"|liquidamos|hice (?:la|el|una|un) (?:transferencia|pago|ingreso)|hicimos (?:la|el|una"
    r"|un) (?:transferencia|pago|ingreso)|realicé (?:la|el)|realizamos (?:la|el))"
)
_THING = r"(?:facturas?|pagos?|transferencias?|importes?|dinero|cantidad|saldo|resto|recibos?|todo|ingreso|plazo)"
_GOODS = (
    r"(?:mercancías?|entregas?|artículos?|pedidos?|productos?|paquetes?|piezas?|máquinas?|material(?:es)?"
    r"|servicios?|trabajos?|obras?|reparación|reparaciones|sillas?|muebles?|cajas?|palés?|género|instalación"
    r"|envío)"
)
_CLAIM = (
    r"(?:facturas?|importes?|precios?|cantidad(?:es)?|iva|total|tarifas?|cálculos?|facturación|cobros?|cargos?|horas)"
)
_MESSAGES = r"(?:e-?mails?|correos?|mensajes?|recordatorios?|sms|cartas?|llamadas?|avisos?)"
_ACCOUNTS = (
    r"(?:contabilidad|administración|departamento financiero|contable|gestor(?:ía)?|asesor(?:ía)?|sede central"
    r"|central|compañer[oa]s?|tesorería|administrador concursal|\S+@\S+)"
)

SPANISH = Language(
    code="es",
    function_words=(
        "a el la los las de del un una y que en es por para con no se su sus lo al como más pero le les ha "
        "he hemos está esta este"
        " son nos mi me muy ya sin sobre también hasta desde cuando buenos días buenas tardes hola "
        "gracias saludos señores"
        " estimados usted ustedes nuestro nuestra vuestra vuestro fue ser tiene tenemos porque si"
    ),
    months=counted(
        1,
        "enero ene",
        "febrero feb",
        "marzo mar",
        "abril abr",
        "mayo",
        "junio jun",
        "julio jul",
        "agosto ago",
        "septiembre setiembre sept",
        "octubre oct",
        "noviembre nov",
        "diciembre dic",
    ),
    weekdays=counted(0, "lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
    numbers={
        "una?": 1,
        "un par de": 2,
        "dos": 2,
        "tres": 3,
        "cuatro": 4,
        "cinco": 5,
        "seis": 6,
        "siete": 7,
        "ocho": 8,
        "nueve": 9,
        "diez": 10,
        "doce": 12,
        "quince": 15,
        "veinte": 20,
        "treinta": 30,
    },
    units={
        "días? (?:hábil|hábiles|laborables?)": "bank_day",
        "días?": "day",
        "semanas?": "week",
        "mes(?:es)?": "month",
    },
    days=(
        (r"{day} de {month}(?: (?:de|del) {year})?", "day_month"),
        (r"{day} {month}(?: {year})?", "day_month"),
        (r"pasado mañana", "day+2"),
        (r"(?<!esta\s)(?<!por\sla\s)(?<!de\sla\s)mañana(?: mismo| por la mañana)?", "day+1"),
        (r"hoy(?: mismo)?|esta (?:mañana|tarde|noche)", "day+0"),
        (r"anteayer|antes de ayer", "day-2"),
        (r"ayer(?: mismo)?", "day-1"),
        (
            (
                r"{weekday} de la (?:próxima semana|semana que viene)|la (?:próxima semana"
                r"|semana que viene),? el {weekday}"
            ),
            "weekday+1",
        ),
        (r"{weekday} de la semana pasada", "weekday-1"),
        (
            (
                r"(?:a finales de |a principios de |durante |en )?(?:la )?(?:próxima semana|semana que viene"
                r"|semana próxima|siguiente semana)"
            ),
            "week+1",
        ),
        (r"(?:a )?(?:finales|final|fin) de (?:la |esta )?semana|(?:durante |a lo largo de |en )?esta semana", "week+0"),
        (r"(?:la )?semana pasada", "week-1"),
        (
            r"(?:a )?(?:principios|primeros|comienzos) (?:de|del) (?:próximo mes|mes que viene|mes próximo)",
            "beginning+1",
        ),
        (r"(?:a )?mediados (?:de|del) (?:próximo mes|mes que viene|mes próximo)", "middle+1"),
        (r"(?:a )?mediados (?:de|del|de este) mes", "middle+0"),
        (
            (
                r"(?:a )?(?:finales|final|fin) (?:de|del) (?:próximo mes|mes que viene|mes próximo)|(?:el "
                r"|durante el )?(?:próximo mes|mes que viene|mes próximo)"
            ),
            "month+1",
        ),
        (r"(?:a |al )?(?:finales|final|fin) (?:de|del|de este) mes|este mes", "month+0"),
        (r"(?:el )?(?:día )?{day} del (?:próximo mes|mes que viene|mes próximo)", "day_of_month+1"),
        (r"(?:el )?(?:día )?{day} (?:de este mes|del presente mes|del corriente|del mes)", "day_of_month+0"),
        (r"(?:a )?(?:finales|final|fin) de {month}(?: (?:de )?{year})?", "end_of"),
        (r"(?:a )?mediados de {month}(?: (?:de )?{year})?", "middle_of"),
        (r"(?:a )?(?:principios|primeros|comienzos) de {month}(?: (?:de )?{year})?", "beginning_of"),
        (r"(?:en|durante)(?: el mes de)? {month}(?: (?:de )?{year})?", "end_of"),
        (r"(?:el )?próximo {weekday}|{weekday} (?:próximo|que viene)", "next_weekday"),
        (r"(?:el )?{weekday} pasado|(?:el )?pasado {weekday}", "weekday-1"),
        (r"(?:este |el )?{weekday}", "weekday"),
        (r"(?:en|dentro de|en un plazo de|en los próximos) {number}(?: o \d+| a \d+)? {unit}", "after"),
        (r"hace {number} {unit}", "ago"),
        (r"(?:el|al|del) día {day}(?! ?[/-])", "day_of_month"),
        (r"el {day}(?= *(?:[.,;!)]|$|por|sin falta|próximo))", "day_of_month"),
    ),
    decimal=",",
    later_weekday=False,
    open_start=(r"(?:a partir|después|desde|no antes|posterior)(?: de| del)?(?: el| la)?",),
    of_document=(
        (
            r"(?:facturas?|cartas?|recordatorios?|e-?mails?|correos?|mensajes?|extractos?|pedidos?|albarán"
            r"|albaranes|presupuestos?|avisos?)(?: (?:n[ºo°]\.? ?)?\S*\d\S*)? (?:de|del|de fecha|con fecha"
            r"|emitida el|recibid[ao] el)(?: día)?"
        ),
        (
            r"(?:con fecha(?: de)?|de fecha|fechad[ao] (?:el|a)|vencid[ao] (?:el|desde el)|venció el"
            r"|vencimiento(?: el| del)?|vencía el|entregad[ao] el|pedid[ao] el)"
        ),
    ),
    not_amounts=(
        (
            r"(?:facturas?|fra|n[ºo°]|núm|número|ref|referencia|cliente|cuenta|expediente|pedido|tel|teléfono"
            r"|albarán)(?: n[ºo°]| número| núm)?[.:#]? ?#?\d[\d .,]*"
        ),
        (
            r"\d+ (?:días?|semanas?|mes(?:es)?|horas?|años?|minutos|veces|piezas?|unidades|personas|empleados"
            r"|facturas|artículos|cajas|plazos|cuotas)"
        ),
        r"a las? \d+",
    ),
    clause_words=(
        r"pero",
        r"sin embargo",
        r"aunque",
        r"no obstante",
        r"y(?= (?:yo|nosotros|la|el|lo|ya|le|les|pagaré|pagaremos|haremos|haré|se)\b)",
        r"porque",
        r"ya que",
    ),
    conditions=(
        r"si(?! falta)",
        r"cuando (?:me|nos|reciba\w*|ustedes|usted|tenga\w*|lo|esté|llegue|hay)",
        r"en cuanto(?! (?:pueda|podamos|sea posible))",
        r"una vez",
        r"siempre que",
        r"hasta que",
        r"tan pronto como(?! (?:sea posible|pueda))",
        r"a condición",
        r"después de (?:que|recibir)",
        r"tras (?:recibir|la|el|su)",
        r"antes de que",
        r"antes de",
        r"en caso",
        r"mientras",
        r"salvo que",
        r"a la espera",
    ),
    negations=(
        r"no",
        r"nunca",
        r"jamás",
        r"nada",
        r"ni",
        r"sin(?! falta)",
        r"ningun[ao]?",
        r"ningún",
        r"tampoco",
        r"nadie",
    ),
    absences=(
        (
            r"(?:estoy|estaré|me encuentro|estamos) .{0,30}(?:fuera de la oficina|de vacaciones|ausente"
            r"|de viaje|de baja|fuera del despacho)"
        ),
        r"fuera de (?:la )?oficina",
        r"respuesta automática",
        r"(?:en mi ausencia|durante mi ausencia|acceso limitado)",
        r"su (?:solicitud|mensaje|consulta) ha sido",
    ),
    closings=(
        (
            r"(?:un |muchos |reciba(?:n)? un )?(?:(?:cordial(?:es)?|atentos?|afectuoso) )?(?:saludos?"
            r"|abrazo)(?: cordial(?:es)?)?(?:[ ,.!].{0,30})?$"
        ),
        r"(?:atentamente|cordialmente|muchas gracias|gracias|mil gracias|quedo a .*|quedamos a .*)(?:[ ,.!].{0,30})?$",
    ),
    stop_alone=(
        r"stop",
        r"alto",
        r"baja",
        r"parar?",
        r"cancelar",
        r"darme de baja",
        r"no más",
        r"baja sms",
        r"detener",
    ),
    abbreviations=(
        r"n[ºo°]",
        r"núm",
        r"fra",
        r"sr",
        r"sra",
        r"sres",
        r"dña",
        r"d",
        r"aprox",
        r"ref",
        r"tel",
        r"etc",
        r"ej",
        r"art",
        r"s\.l",
        r"s\.a",
        r"ud",
        r"uds",
        r"ene",
        r"abr",
        r"ago",
        r"sept",
        r"oct",
        r"nov",
        r"dic",
        r"dpto",
        r"admon",
    ),
    cues={
        "promise": Cues(
            plain=(
                rf"(?:les? |os |la |lo |se |te )*{_WILL}",
                rf"(?:voy|vamos|va|van) a (?:\w+ )?{_PAY}",
                (
                    r"(?:me comprometo|nos comprometemos|se compromete|prometo|prometemos|promete"
                    rf"|tengo previsto|tenemos previsto|pienso|pensamos) (?:a )?{_PAY}"
                ),
                (
                    rf"{_THING} (?:será|serán|se (?:hará|realizará|efectuará|abonará|pagará|emitirá|ingresará"
                    r"|enviará)|quedará|estará|van a ser|va a ser)"
                ),
                (
                    r"se (?:le |les |os |lo |la )*(?:pagará|abonará|ingresará|transferirá|hará el pago"
                    r"|hará la transferencia)"
                ),
                (
                    r"(?:recibirán?|recibirá|recibiréis|tendrán?|tendréis) (?:el|su|la|vuestro) (?:pago|dinero"
                    r"|transferencia|importe|ingreso)"
                ),
            ),
            dated=(
                rf"(?:les? |os |la |lo |se |te )*{_DOES}",
                rf"(?:puedo|podemos|puede|podré|podremos) (?:\w+ )?{_PAY}",
                r"(?:prometido|promete|promesa)",
                (
                    rf"{_THING} (?:está|están|queda|quedan|ha sido|sale|saldrá|salen|entra|entrará"
                    r"|va)(?: \S+){0,2}? ?(?:programad[oa]s?|previst[oa]s?|planificad[oa]s?|aprobad[oa]s?"
                    r"|incluid[oa]s?|en|el|para)"
                ),
                r"(?:pago|transferencia|ingreso) (?:el|para el|para|antes del?|previsto|programado|mañana|hoy)",
                r"(?:remesa|próxima remesa|día de pagos?|día de pago)",
                r"(?:recibirán?|recibirá|tendrán?|tendréis|tendrá)",
            ),
            unless=(
                (
                    r"(?:espero|esperamos|intentaré|intentaremos|quizás?|tal vez|me gustaría|nos gustaría"
                    r"|quisiera|quisiéramos|a lo mejor|seguramente no)"
                ),
                r"quién (?:va|paga|pagará)",
                r"(?:usted|ustedes) (?:pagarán?|van a|prometieron|deben)|(?:prometieron|quedaron en|dijeron)",
                r"(?:clientes?|seguro|inquilino) .{0,25}(?:me|nos) (?:paga|pague|pagará)",
                r"ni un (?:euro|céntimo|duro)",
                r"disput\w+|impugn\w+|rechaz\w+",
                rf"ya .{{0,25}}(?:{_PAST})",
                r"(?:ayer|semana pasada|anteayer)",
                r"atención",
            ),
        ),
        "already_paid": Cues(
            plain=(
                rf"(?:he|hemos|ha|han|había|habíamos|fue|fueron|está|están|quedó|quedaron)(?: \S+){{0,3}}? {_DONE}",
                rf"(?:ya|ayer|hoy|anteayer) (?:\S+ ){{0,4}}?{_PAST}",
                rf"(?:ya )?(?:les? |os |la |lo |se |te )*{_PAST}(?: \S+){{0,6}}? .{{0,40}}(?:ayer|pasad[ao]|hace)",
                (
                    r"(?:pagué|transferí|abonamos|aboné|ingresé|liquidé|hicimos|hice"
                    r"|realicé) (?:\S+ ){0,4}?(?:factura|transferencia|pago|importe|ingreso|todo|el|esta)"
                ),
                rf"{_DONE} (?:ayer|hoy|el|la semana|desde|con fecha|por transferencia)",
                (
                    r"(?:hecho|realizado|efectuado|enviado|ordenado|tramitado) (?:\S+ ){0,2}?(?:la|el|una|un"
                    r"|esta|este|su) (?:transferencia|pago|ingreso)"
                ),
                (
                    r"(?:transferencia|pago|ingreso) (?:ya |se |fue |ha sido |está "
                    r"|se encuentra )*(?:realizad[oa]|hech[oa]|efectuad[oa]|hizo|enviad[oa]|realizó|en camino"
                    r"|ordenad[oa]|salió)"
                ),
                (
                    r"(?:adjunto|adjuntamos|adjunt[oa]s|le envío|les envío"
                    r"|aquí tienen?) .{0,30}(?:justificante|comprobante|resguardo|extracto)"
                ),
                r"(?:justificante|comprobante) (?:de (?:la )?(?:transferencia|pago) )?adjunto",
                r"ya (?:está|están|queda|la tienen|lo tienen) (?:\w+ )?(?:pagad[oa]s?|abonad[oa]s?|liquidad[oa]s?)",
                r"^(?:ya )?(?:pagad[oa]|abonad[oa])(?: |$)",
                r"(?:dice|cliente) (?:que )?(?:ya )?(?:lo |la )?pagó",
                r"acab(?:o|amos) de (?:pagar|hacer|abonar|transferir|realizar)",
                r"cargad[oa]s? en (?:nuestra|mi) cuenta",
            ),
            unless=(
                r"siempre (?:\S+ )?(?:he|hemos|ha)? ?(?:pagad[oa]|pagamos|abonad[oa])",
                (
                    r"(?:será|serán|sería|debe|debería|tiene que|por|sin) (?:ser |estar )?(?:pagad[oa]s?"
                    r"|transferid[oa]s?|ingresad[oa]s?|liquidad[oa]s?|abonad[oa]s?)"
                ),
                r"(?:me|nos) (?:ha|han|había) (?:\w+ )?pagado",
                r"(?:envíen?me|envíe|manden?|faciliten?) .{0,25}(?:justificante|comprobante)",
                r"(?:creía|pensaba|comprobaré|revisaré|comprobar)",
                r"(?:clientes?|inquilino) .{0,25}(?:me|nos)",
                r"(?:problema|incidencia|devolución) .{0,20}pagad",
                r"anticipo .{0,20}devuel",
                r"(?:ha|han) sido pagado (?:a|en) (?:ustedes|su)",
            ),
        ),
        "dispute": Cues(
            plain=(
                (
                    r"(?:reclamo|reclamamos|reclamación|impugno|impugnamos|disputo|disputamos|disconform\w+"
                    r"|desacuerdo|rechazo|rechazamos|rechazar|discrepancia|discrepamos|me opongo|nos oponemos)"
                ),
                (
                    rf"{_CLAIM} .. (?:incorrect[oa]s?|erróne[oa]s?|equivocad[oa]s?|mal|duplicad[oa]s?"
                    r"|excesiv[oa]s?|demasiado alt[oa]s?|inflad[oa]s?)"
                ),
                rf"(?:error|errores|fallo) (?:en|de|del) (?:\w+ )?(?:{_CLAIM}|facturación|precio)",
                (
                    rf"{_GOODS} .. (?:dañad[oa]s?|rot[oa]s?|defectuos[oa]s?|incomplet[oa]s?|estropead[oa]s?"
                    r"|equivocad[oa]s?|en mal estado|averiad[oa]s?|falta|faltan|faltaban|faltaba)"
                ),
                rf"(?:falta|faltan|faltaban|faltaba) .{{0,25}}{_GOODS}",
                (
                    r"(?:esperamos|esperando|espero|falta|pendientes?|prometieron|emitan|emitir"
                    r"|espera) .{0,40}(?:abono|nota de crédito|factura rectificativa|nota de abono)"
                ),
                (
                    r"(?:facturad[oa]s?|cobrad[oa]s?|cargad[oa]s?|recibida?) (?:\w+ )?(?:dos veces"
                    r"|por duplicado|de más|doble|indebidamente)"
                ),
                r"precio (?:acordado|pactado|ofertado|convenido|del presupuesto)",
                r"lo (?:acordado|pactado|convenido|presupuestado)",
                (
                    r"(?:corregir|rectificar|corrijan|rectifiquen|modificar|anular|anulen) .{0,15}factura"
                    r"|factura (?:corregida|rectificada|rectificativa)"
                ),
                (
                    r"(?:devolvimos|devuelt[oa]s?|devolví|anulad[oa]|cancelad[oa]|cancelé"
                    r"|cancelamos) .{0,30}(?:pedido|mercancía|artículos?|contrato|suscripción|material"
                    r"|producto|máquina|género)|(?:pedido|mercancía|contrato|suscripción|material"
                    r"|género) .{0,20}(?:devuelt[oa]|anulad[oa]|cancelad[oa])"
                ),
                r"queja",
                r"me niego|nos negamos",
                r"descuento .{0,30}(?:falta|olvidad)",
                r"retenemos|retener el pago",
            ),
            negative=(
                (
                    r"(?:nunca|no|jamás|nada)(?: \S+){0,3}? (?:pedimos|pedí|pedid[oa]s?|encargad[oa]|encargué"
                    r"|encargamos|solicitad[oa]|solicitamos|firmado|firmamos|contratad[oa]|contratamos"
                    r"|acordamos|acordado|hicimos|hice)(?=.{0,40}(?:pedido|eso|esto|servicio|nada|factura"
                    r"|artículo|producto|esa|ese|est[ae]|precio|material|$))"
                ),
                (
                    r"(?:no|nunca|aún no|nada)(?: \S+){0,3}? (?:recibid[oa]|recibimos|recibí|entregad[oa]s?"
                    rf"|entregaron|llegado|llegó|llegaron)(?=.{{0,60}}{_GOODS})|{_GOODS} .{{0,20}}(?:no"
                    r"|nunca)(?: \S+){0,3}? (?:llegado|llegó|llegaron|recibid[oa]|entregad[oa]s?|funciona"
                    r"|funcionan|terminad[oa]s?|acabad[oa]s?|realizad[oa]s?|corresponden?|es el|son los)"
                ),
                (
                    rf"{_CLAIM} .{{0,25}}no (?:\S+ )?(?:correct[oa]s?|corresponden?|cuadran?|coinciden?"
                    r"|nuestr[oa]|procede|está bien|son correct[oa]s|es correct[oa]|acordad[oa]|conforme)"
                ),
                (
                    r"no (?:\w+ )?(?:pagaré|pagaremos|pagamos|pago|pensamos pagar|vamos a pagar|voy a pagar"
                    r"|abonaremos)(?: .{0,40}(?:hasta|porque|ni|mientras|est[ae]|nada|por|si|esa|factura)|$)"
                ),
                r"ni un (?:euro|céntimo|duro)",
                r"no (?:estoy|estamos|estar) (?:de acuerdo|conformes?)",
                r"no (?:es|son) (?:lo|el|la) (?:acordado|pactado|que (?:pedimos|encargamos|pedí))",
                r"no (?:debo|debemos|reconozco|reconocemos|acepto|aceptamos)",
                (
                    r"no (?:se )?(?:han?|hemos) (?:descontado|aplicado|tenido en cuenta|deducido"
                    r"|abonado (?:la devolución|el descuento))"
                ),
            ),
            unless=(
                (
                    r"no (?:\S+ )?(?:reclam\w+|impugn\w+|disput\w+|discut\w+|hay (?:ninguna )?(?:reclamación"
                    r"|queja|discrepancia|desacuerdo))"
                ),
                r"(?:ninguna|sin) (?:reclamación|queja|objeción|discrepancia|incidencia)",
                r"(?:nuestro|mi|nuestra) (?:error|culpa|banco|parte)",
                r"error (?:nuestro|mío|en nuestr|de nuestr|del banco)",
                r"(?:cuenta|iban|número de cuenta) .{0,20}(?:incorrect|equivocad|erróne)",
                r"(?:factura|todo) (?:es|está) (?:correct[oa]|bien|conforme)$",
                r"indiscutid|(?:que (?:nos )?reclam\w+|nos reclaman|reclamada|reclamado)",
            ),
        ),
        "hardship": Cues(
            plain=(
                (
                    r"(?:problemas?|dificultades?|apuros?|tensiones?) (?:\w+ )?(?:económic[oa]s?"
                    r"|financier[oa]s?|de liquidez|de tesorería|de dinero|de caja|de pago)"
                ),
                r"(?:falta|problema) de (?:liquidez|dinero|fondos|tesorería)",
                r"(?:concurso|concursal)(?! público)",
                r"insolven\w+",
                r"(?:quiebra|bancarrota)",
                r"(?:en el|en|al) paro|desemplead[oa]|desempleo",
                r"(?:perdido|perdí|perdimos) (?:mi|el|nuestro|su|al) .{0,12}(?:trabajo|empleo|cliente)",
                r"despedid[oa]|(?:un )?erte",
                r"(?:en el|en) hospital|hospitalizad[oa]|ingresad[oa] en",
                r"gravemente enferm[oa]|enfermedad grave",
                r"(?:a|en) (?:\w+ )?(?:plazos|cuotas)|fraccion\w+|aplazamiento|plan de pagos|pago aplazado",
                r"(?:situación|momento|época) (?:\w+ )?(?:difícil|complicad[oa]|delicad[oa]|económica|crític[oa])",
                r"cerrar (?:el|la|nuestro) (?:negocio|tienda|empresa|restaurante)",
                r"números rojos",
            ),
            negative=(
                rf"no (?:\w+ )?(?:puedo|podemos|puede|podré|podremos|pueden)(?: \S+){{0,3}}? {_PAY}",
                (
                    r"(?:no tengo|no tenemos|sin|no hay|no dispongo|no disponemos)(?: \S+){0,3}? (?:dinero"
                    r"|fondos|liquidez|medios|ingresos|efectivo)"
                ),
                r"imposible (?:pagar|hacer frente|abonar)",
                r"no (?:podemos|puedo) hacer frente",
                r"no me (?:alcanza|llega)",
            ),
            unless=(
                r"(?:en línea|online|por internet)",
                r"con (?:\w+ )?tarjeta",
                r"enlace|link",
                r"portal",
                r"página|web",
                r"botón",
                r"iban|número de cuenta|datos bancarios",
                r"hasta que",
                r"antes de que",
                r"sin (?:la|el|su|factura|número)",
                (
                    r"(?:no|ningún|sin) (?:tenemos |tengo |hay |es por )?(?:ningún )?(?:problemas?"
                    r"|dificultad(?:es)?) (?:económic|financier|de)"
                ),
                r"dos veces",
                r"concurso público",
                r"incorrect\w+",
            ),
        ),
        "wrong_person": Cues(
            plain=(
                (
                    r"(?:persona|dirección|número|contacto|departamento|empresa|destinatario"
                    r"|correo) (?:equivocad[oa]|incorrect[oa]|erróne[oa])"
                ),
                r"se (?:han?|ha) (?:equivocado|confundido) (?:de|con)",
                (
                    r"(?:por favor|diríja(?:n)?se|contacten?|pónga(?:n)?se|deben?|escriban?|envíen(?:lo|la)?"
                    rf"|hablen?|pueden)(?: \S+){{0,5}}? .{{0,25}}{_ACCOUNTS}"
                ),
                r"(?:dejado|dejó|abandonado) (?:la|esta|nuestra) (?:empresa|compañía|sociedad)",
                r"nuev[oa] (?:contacto|responsable|interlocutor\w*)",
                r"equivocad[oa] de (?:persona|número|empresa)|(?:no es|equivocad\w+) .{0,10}(?:mi|nuestra) empresa",
            ),
            negative=(
                (
                    r"no (?:\w+ )?(?:soy|somos|es) (?:\w+ )?(?:la persona|el responsable|la responsable"
                    r"|el contacto|la empresa|el destinatario|el número|correct|adecuad|indicad"
                    r"|el departamento|quien)"
                ),
                r"ya no (?:trabajo|trabaja|formo|forma|estoy|está|pertenezco|soy|llevo)",
                r"no (?:trabajo|trabaja) (?:ya |aquí|allí|en|para)",
                r"no (?:conozco|conocemos) (?:a )?(?:esta|esa|su|la) (?:empresa|persona|compañía)",
                r"no (?:me encargo|llevo|gestiono|me ocupo)",
                r"no (?:es|son) (?:nuestr[oa]|mi|mía) (?:factura|empresa|departamento|competencia)",
            ),
            unless=(
                r"entreg\w+",
                r"mercancía|pedido",
                r"nota de",
                r"(?:he|hemos|ha sido) (?:reenviad|pasad|remitid|enviad)\w+",
                r"adjunt\w+",
            ),
        ),
        "stop": Cues(
            plain=(
                (
                    r"(?:dejen?|paren?|cesen?|deja|para) (?:ya )?(?:de )?(?:escribir|contactar|llamar|enviar"
                    r"|mandar|molestar|acosar|contactar)(?:me|nos|los|las|le)*(?! (?:la|el) (?:mercancía"
                    r"|pedido|factura))"
                ),
                (
                    r"(?:eliminen?|borren?|quiten?|saquen?|retiren?)(?:me|nos)? .{0,40}(?:lista"
                    r"|base de datos|datos|registro|fichero|correo|número|dirección)"
                ),
                r"(?:darme|dar(?:nos)?|denme|dennos|dar) de baja(?! (?:el|la) (?:servicio|contrato|línea|suscripción))",
                r"déje(?:n)?(?:me|nos) en paz",
                rf"(?:basta|no más|ni un) (?:de )?(?:más )?{_MESSAGES}",
                r"acoso",
            ),
            negative=(
                (
                    r"no (?:me|nos) (?:\w+ )?(?:contacten?|escriban?|llamen?|envíen?|manden?"
                    r"|molesten?)(?: \S+){0,4}? ?(?:más|nunca|de nuevo|otra vez)"
                ),
                (
                    r"no (?:quiero|queremos|deseo|deseamos) (?:\w+ )?(?:recibir|más|que me|que nos"
                    rf"|ser contactad\w+)(?: \S+){{0,4}}? ?(?:{_MESSAGES}|contact\w+|escrib\w+|llam\w+)?"
                ),
                r"no vuelvan? a (?:contactar|escribir|llamar|enviar|molestar)(?:me|nos)?",
            ),
            unless=(
                r"(?:necesari[oa]s?|hace falta)",
                r"boletín|newsletter",
                r"(?:dejen?|paren?|cesen?) .{0,20}(?:entregas?|suministro|obra|producción|servicio)",
                r"papel|postal",
                r"(?:hasta|durante) (?:mis|las|el|nuestras) (?:vacaciones|fin)",
                r"no quiero (?:\w+ )?(?:que (?:piensen|crean)|problemas|más problemas)",
            ),
        ),
    },
)
