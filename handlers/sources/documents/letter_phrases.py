"""The phrases with which mail programs, lists and newsletters speak about a letter, in many languages."""

import re
from typing import Final


def _any_of(*alternatives: str) -> str:
    return "(?:" + "|".join(alternatives) + ")"


DEVICE: Final = re.compile(
    _any_of(
        r"(?:sent|mailed) (?:from|via|with) (?:my )?(?:i?phone|ipad|i?pod|android|blackberry|samsung|galaxy|huawei|"
        r"windows|"
        r"mobile|mail|yahoo|outlook|proton|gmx|web\.de|aol|gmail|t-mobile|verizon|mailbird|spark|"
        r"a mobile device).{0,60}",
        r"get (?:the )?outlook for (?:ios|android|mac)\b.{0,60}",
        r"(?:von|mit) mein(?:em|er) (?:iphone|ipad|android|handy|smartphone|mobiltelefon|samsung|huawei).{0,40}"
        r"gesendet.{0,40}",
        r"gesendet (?:von|mit) .{2,60}",
        r"diese nachricht wurde von meinem .{2,60} gesendet.{0,40}",
        r"holen sie sich outlook für .{2,40}",
        r"envoyé (?:de|depuis|à partir de|avec) .{2,60}",
        r"(?:télécharger|obtenez) outlook pour .{2,40}",
        r"enviado (?:desde|do meu|a partir|de mi|con) .{2,60}",
        r"obtener outlook para .{2,40}",
        r"inviato da(?:l mio)? .{2,60}",
        r"отправлено (?:с|из|через) .{2,60}",
        r"скачать outlook для .{2,40}",
        r"(?:发自|从|發自)我的\s?.{2,30}",
        r"(?:发送自|发自|來自|傳送自).{0,20}(?:iphone|ipad|华为|手机|outlook|邮箱|mail).{0,20}",
        r"获取 ?outlook.{0,40}",
        r"(?:أ[ُ]?رسلت?|تم الإرسال|مرسل) من .{2,60}",
        r"الحصول على outlook .{0,40}",
        r"verzonden (?:vanaf|met) .{2,60}",
        r"skickat från .{2,60}",
        r"sendt fra .{2,60}",
        r"wysłane z .{2,60}",
    )
    + r"[.!]?",
    re.IGNORECASE,
)
"""What mail programs put below a letter about themselves."""

DISCLAIMER: Final = re.compile(
    r"(?P<title>(?:confidentiality (?:notice|note|statement)|legal (?:notice|disclaimer)|(?:e-?mail )?disclaimer|"
    r"vertraulichkeitshinweis|haftungsausschluss|avis de confidentialité|aviso (?:legal|de confidencialidad)|"
    r"уведомление о конфиденциальности|免责声明|保密声明|إخلاء (?:ال)?مسؤولية|إشعار (?:ال)?سرية)\b)|"
    r"(?:the (?:information|contents?) |this |please note|any |unauthori[sz]ed |if you |please (?:consider|"
    r"do not print)|"
    r"think before|diese |wenn sie |falls sie |sollten sie |bitte (?:denken|prüfen)|ce |cet |cette |les informations |"
    r"si vous |merci de |este |esta |el presente |la presente |la información |si (?:usted|ha) |это |эта |данное |"
    r"настоящ|"
    r"если вы |информация|本|此|如果您|若您|如您|هذه |هذا |إن |إذا |المعلومات )",
    re.IGNORECASE,
)
"""How disclaimers begin. Group "title": the paragraph has the title of one."""

DISCLAIMER_WORDS: Final = re.compile(
    r"(?P<secret>confidential|vertraulich|confidentiel|confidencial|конфиденциальн|保密|机密|機密|سري)|"
    r"(?P<strict>privileged|strictly|rechtlich geschützt|strictement|privilegiad|защищен)|"
    r"(?P<reader>intended|addressee|recipient|bestimmungsgemäß|empfänger|adressat|destiné|destinataire|"
    r"destinatari[oa]|"
    r"адресат|получател|предназначен|收件人|指定|مستلم|موجه|مخصص)|"
    r"(?P<error>in error|by mistake|irrtümlich|versehentlich|par erreur|por error|по ошибке|ошибочно|误收|誤收|بالخطأ|"
    r"عن طريق الخطأ)|"
    r"(?P<action>notify|inform the sender|delete|destroy|vernichten|löschen|détruire|supprimer|elimin|borr|удалит|"
    r"删除|"
    r"刪除|حذف)|"
    r"(?P<ban>unauthori[sz]ed|prohibited|unbefugt|nicht gestattet|interdit|prohibid|запрещ|禁止|محظور)|"
    r"(?P<print>before (?:you )?print|umwelt|environment|imprimer|imprimir|печат|打印|طباعة)|"
    r"(?P<mail>e-?mail|message|nachricht|mail\b|communication|mensaje|correo|courriel|сообщени|письм|邮件|郵件|"
    r"رسالة|البريد)",
    re.IGNORECASE,
)
"""Words of disclaimers, each kind in a group of its own."""

UNSUBSCRIBE: Final = re.compile(
    r"\W*(?:(?:click )?(?:here )?(?:to|or) |hier (?:können sie sich )?|pour (?:vous |se )?|para |чтобы |如需|若要|"
    r"(?:zum|vom) newsletter )?"
    + _any_of(
        r"unsubscribe\b",
        r"opt[- ]?out(?: here)?$",
        r"(?:manage|update|change|edit) (?:your |my )?(?:e-?mail |subscription |newsletter )?"
        r"(?:preferences|settings|subscriptions?)",
        r"(?:e-?mail|mailing) preferences",
        r"abbestellen|(?:newsletter )?(?:abmelden|abmeldung)|austragen",
        r"désabonn|(?:se |vous )?(?:désinscri|désabonn)|gérer (?:vos|mes) (?:préférences|abonnements)",
        r"cancelar (?:la |tu |su |mi )?suscripción|dar(?:se|me|te)? de baja|desuscri",
        r"отписаться|отказаться от (?:рассылки|подписки)|управл\w+ подпиской|настройки рассылки",
        r"退订|取消订阅|退訂|取消訂閱|إلغاء (?:ال)?اشتراك",
        r"disiscri|cancella(?:ti|re) l['’]iscrizione|uitschrijven|afmelden|avregistrera|avprenumerera|afmeld",
        r"meld deg av|wypisz się|rezygnacja z subskrypcji|配信停止|購読解除|구독 취소|수신거부",
    ),
    re.IGNORECASE,
)
"""Labels of the links that end a subscription."""

UNSUBSCRIBE_URL: Final = re.compile(r"unsub|opt-?out|abmeld|desinscri|desabon|list-manage\.com/profile", re.IGNORECASE)

_RECEIVED: Final = _any_of(
    r"you(?:['’]re| are| have)? (?:receiv|get|gott?e?n)\w* (?:this|our|these)\b",
    r"sie (?:erhalten|bekommen) diese[nr]?\b",
    r"vous (?:recevez|avez reçu) (?:ce|cet|cette)\b",
    r"(?:usted )?(?:recibe|recibes|ha recibido|has recibido|está recibiendo) est[ea]\b",
    r"вы (?:получили|получаете) (?:это|эту|данное)\b",
    r"您(?:收到|之所以收到|正在接收)",
    r"(?:لقد )?(?:تلقيت|وصلتك|تتلقى|استلمت) هذ[هاي]",
)
_REASON: Final = _any_of(
    r"because|as an? |since|subscri|sign(?:ed)? up|opted|regist|weil|da sie|angemeldet|abonn|car vous|parce|inscri",
    r"porque|suscri|потому|так как|подпис|因为|因為|订阅|訂閱|注册|لأن|اشتر|سجل",
)
RECEIVING: Final = re.compile(
    _any_of(
        rf"{_RECEIVED}(?=.{{0,300}}{_REASON}).{{0,400}}",
        r"this (?:e-?mail|message|newsletter) (?:was|is|has been) (?:sent|delivered) (?:to|by)\b.{0,300}",
        r"(?:was|has|is) this (?:e-?mail|newsletter|letter|message) (?:been )?forwarded to you\b.{0,120}",
        r"(?:forwarded this|did someone forward|someone forwarded) .{0,160}(?:sign up|subscribe).{0,60}",
        r"(?:wurde|haben sie|hat) .{0,30}(?:newsletter|e-?mail|brief|mail) .{0,30}weitergeleitet.{0,100}",
        r"(?:on vous a|vous a-t-on) transféré .{0,120}|¿(?:te|le) (?:han|ha) reenviado .{0,120}",
        r"diese e-?mail wurde an\b.{0,300}",
        r"(?:ce message|cet e-?mail) (?:a été|est) envoyé à\b.{0,300}",
        r"este (?:mensaje|correo|e-?mail) (?:fue|ha sido) enviado a\b.{0,300}",
        r"это (?:письмо|сообщение) (?:было )?отправлено\b.{0,300}",
        r"此(?:邮件|電子郵件).{0,20}(?:发送|發送|发给).{0,100}",
    ),
    re.IGNORECASE,
)
"""Why the reader gets a newsletter."""

VIEW: Final = re.compile(
    _any_of(
        r"(?:having )?trouble (?:viewing|reading|seeing).{0,80}",
        r"(?:can['’]?t|cannot|unable to) (?:see|read|view) (?:this|the) (?:e-?mail|message|newsletter|letter|"
        r"image).{0,80}",
        r"(?:view|read|see|open) (?:this |it |the )?(?:e-?mail |newsletter |message |letter )?(?:in|on|with) "
        r"(?:your |the |a )?(?:(?:web ?)?browser|web|app)\b.{0,40}",
        r"(?:view|read) (?:it |this )?online|(?:web|online|browser) version",
        r"(?:e-?mail|newsletter|mail|letter) not displaying.{0,80}",
        r"if (?:this|you) .{0,60}(?:display|view|read).{0,80}(?:here|browser).{0,40}",
        r"(?:im|in ihrem|in deinem) browser (?:ansehen|anzeigen|öffnen|lesen)|webversion|online-?version",
        r"(?:wird|falls) (?:diese|der|die|dieser) (?:e-?mail|newsletter|nachricht).{0,60}(?:nicht|angezeigt).{0,80}",
        r"(?:voir|afficher|lire|consulter|ouvrir) .{0,40}(?:navigateur|en ligne|version web)\b.{0,40}",
        r"version (?:en ligne|web)",
        r"(?:ver|abrir|leer) .{0,40}(?:navegador|en línea|versión web)\b.{0,40}|versión (?:web|online|en línea)",
        r"(?:открыть|посмотреть|просмотреть|читать) .{0,40}(?:браузер|онлайн)\w*.{0,20}|веб-версия",
        r"(?:在浏览器中|在瀏覽器中|在线|網頁版|网页版).{0,20}(?:查看|打开|閱讀|阅读|浏览|瀏覽|版).{0,20}",
        r"(?:عرض|فتح|اقرأ) .{0,30}(?:المتصفح|متصفحك).{0,20}",
    )
    + r"[\s.!>»→|]*",
    re.IGNORECASE,
)
"""The link to the letter's copy on the web."""

BUTTON: Final = re.compile(
    _any_of(
        r"(?:read|learn|see|view|find out|discover|continue|get|show|hear|watch|listen)(?: "
        r"(?:more|on|now|here|all|it|reading|details|online|story|the (?:full )?(?:story|article|report|post|rest)|"
        r"full (?:story|article|report)|this (?:story|article|post)|in app|the podcast|the video))+",
        r"full (?:story|article|report)|more|here|click here(?: .{0,40})?",
        r"register(?: now| here| today)?|sign up(?: (?:now|here|for .{0,30}))?|subscribe(?: (?:now|here|to .{0,30}))?",
        r"donate(?: now)?|shop now|buy (?:now|tickets)|download(?: (?:now|the (?:app|pdf|report)))?|open in app",
        r"forward(?: (?:this|to) .{0,30})?|share(?: this(?: \w+)?| (?:on|via|by) [\w-]+)?|tweet(?: this)?|like|"
        r"comment",
        r"restack|upgrade(?: to .{0,20}| now)?|get the app|follow us(?: .{0,40})?",
        r"weiterlesen|mehr(?: lesen| erfahren| dazu)?|hier (?:klicken|lesen)|lesen sie (?:mehr|weiter)",
        r"zu[mr] (?:artikel|beitrag|bericht|podcast|video|webseite|website|meldung)",
        r"jetzt (?:lesen|anmelden|kaufen|registrieren|abonnieren|spenden|testen|bestellen|buchen|ansehen)",
        r"lire (?:la suite|plus|l['’]article)|en savoir plus|voir plus|cliquez ici|je m['’](?:inscris|abonne)",
        r"leer (?:más|artículo|el artículo|todo)|seguir leyendo|ver más|saber más|más información",
        r"читать(?: (?:далее|полностью|дальше|статью|больше))?|подробнее|узнать больше",
        r"(?:阅读|閱讀|查看|了解|点击|點擊)(?:全文|更多|原文|详情|詳情|这里|這裡)|更多|全文",
        r"(?:اقرأ|إقرأ|شاهد|اعرف) (?:المزيد|أكثر|المقال)|المزيد",
        r"leggi (?:tutto|di più|l['’]articolo)|lees (?:meer|verder)",
    )
    + r"[\s.!:>»›→➔▶…|]*",
    re.IGNORECASE,
)
"""Labels of links and buttons that lead to the text itself."""

LIST_FOOTER: Final = re.compile(
    _any_of(
        r"(?:[^\s.]+ ){1,4}mailing list(?: (?:--|-|<|at) ?\S+@\S+)?",
        r"to (?:un)?subscribe (?:or unsubscribe |send |from |via |and |to ).{0,200}",
        r"you received this message because you are subscribed to.{0,200}",
        r"https?://\S{1,200}/listinfo/\S{1,100}",
        r"(?:list |web ?)?archives?\s?: \S{1,150}",
        r"for additional commands, e-?mail.{0,80}",
    ),
    re.IGNORECASE,
)
"""Lines that a mailing list adds to each letter."""
