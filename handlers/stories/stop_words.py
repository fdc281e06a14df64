"""Stop words and other word lists, grouped by language.

Words are normalized as by `words.normalize_letters`, unless the list says otherwise.
"""

from typing import Final


def _words(block: str) -> frozenset[str]:
    return frozenset(block.split())


STOP_WORDS: Final = _words(
    """
    a an the and or but if of at by for with about against between into through during before after above below
    to from up down in out on off over under again further then once here there when where why how all any both
    each few more most other some such no nor not only own same so than too very can will just should now is are
    was were be been being have has had having do does did doing i you he she it we they me him her us them my
    your his its our their this that these those am as until while because what which who whom s t d ll re ve m
    don would could may might must shall said says say also one two new mr mrs ms via amid yet still per get
    gets got

    le la les un une des du de d l et ou mais donc ni car que qui quoi dont au aux ce cet cette ces son sa ses
    leur leurs mon ma mes ton ta tes notre nos votre vos il elle ils elles on nous vous je tu se sa y en dans
    par pour sur avec sans sous entre vers chez est sont etait etaient ete etre a ont avait avaient avoir fait
    plus moins pas ne n s c j m t qu apres avant selon comme aussi tout tous toute toutes si depuis alors lors
    dit ainsi encore deux

    der die das den dem des ein eine einen einem einer eines und oder aber wenn als wie so zu zum zur im am vom
    von mit nach bei aus auf an fur uber unter vor durch gegen ohne um ist sind war waren wird werden wurde
    wurden hat haben hatte hatten sein seine seiner sich nicht auch nur noch schon mehr er sie es wir ihr ihre
    ich du dass sagte soll kann bis in

    el los las una unos unas y o pero si del al con sin por para en entre hasta desde sobre segun es son era fue
    fueron ser ha han habia haber su sus se lo le les que quien cual como mas muy ya no tambien este esta estos
    estas ese esa tras ante

    o os as um uma uns umas e ou mas do da dos das no na nos nas ao aos pelo pela com sem por para em entre ate
    desde sobre que foi sao era ser ter tem seu sua seus suas se nao mais muito ja tambem este esta esse essa
    apos diz

    il lo gli i uno una e o ma se di del della dei delle dello da dal dalla in nel nella con su sul sulla per
    tra fra che chi cui non piu anche come e sono era stato stata ha hanno aveva si suo sua suoi sue ai alla al
    dopo gia

    de het een en of maar van in op aan met voor door bij uit naar over om te is zijn was waren wordt werd heeft
    hebben had niet ook nog meer dat die dit deze er hij zij ze wij ik je na tegen onder als dan wel kan zal zou

    и в во не что он на я с со как а то все она так его но да ты к у же вы за бы по только ее мне было вот от
    меня еще нет о из ему теперь когда даже ну вдруг ли если уже или ни быть был него до вас нибудь опять уж вам
    ведь там потом себя ничего ей может они тут где есть надо ней для мы тебя их чем была сам чтоб без будто
    чего раз тоже себе под будет ж тогда кто этот того потому этого какой совсем ним здесь этом один почти мои
    тем чтобы нее были куда зачем всех можно при об это также который которая которые после сообщил сообщает
    словам заявил

    في من على الى إلى عن مع ان أن إن التي الذي هذا هذه ذلك كان كانت قد قال ما لا لم لن هو هي و او أو ثم بعد قبل
    بين كل حتى عند منذ خلال كما وقال

    och i att det som en pa ar av for med till den har de inte om ett han men var jag sig fran vi sa nu eller ve
    bir bu da de icin ile olarak olan daha cok en gibi ne ki mi dedi dan yang di ke dari untuk pada ini itu
    dengan tidak akan adalah juga telah oleh w i z na do nie sie to jest o za od po jak ale przez dla ze
    """
)
"""Words that say nothing about an event."""

GENERIC_WORDS: Final = _words(
    """
    united states etats unis estados unidos vereinigte staaten usa america american police polizei policia
    polizia court president presidente prime minister ministre ministro killed dead deaths death injured
    arrested charged accused plan plans warns warning calls call set amid crisis law bill vote state states city
    national international global inc corp ltd live latest update updates updated updating breaking news report
    reports reported reportedly video watch photos pictures gallery podcast exclusive analysis opinion explainer
    explained review recap preview highlights what know need today tonight tomorrow yesterday morning evening
    week weekly day daily month monthly year years annual time times hour hours people man woman men women first
    last next top best back make makes made take takes world country government official officials company
    companies million billion percent year quarter quarterly results earnings revenue profit shares stock stocks
    market markets price prices rise rises rose fall falls fell gain gains higher lower wrap wins win beat beats
    match game score scores standings fixtures weather forecast horoscope horoscopes lottery numbers winning
    obituary quiz crossword puzzle letters editorial briefing newsletter roundup digest headlines minute read
    deals deal monday tuesday wednesday thursday friday saturday sunday january february march april june july
    august september october november december lundi mardi mercredi jeudi vendredi samedi dimanche janvier
    fevrier mars avril mai juin juillet aout septembre octobre novembre decembre direct video photos annee ans
    jour jours semaine mois monde pays resultats bourse montag dienstag mittwoch donnerstag freitag samstag
    sonntag januar februar juni juli oktober dezember jahr jahre tag woche nachrichten lunes martes miercoles
    jueves viernes sabado domingo enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre
    diciembre ano anos dia semana hoy noticias сегодня новости год года лет день неделя месяц понедельник
    вторник среда четверг пятница суббота воскресенье января февраля марта апреля мая июня июля августа сентября
    октября ноября декабря
    """
) | _words(
    # The subjects of the shipped topics: every article of such a topic has some of these words.
    """
    huawei zte smic tsmc хуавэй хуавей هواوي 华为 華為 中兴 中興 5g chip chips chipmaker chipmakers chipmaking
    semiconductor semiconductors halbleiter puces микросхем чипы 芯片 半导 导体 telecom telecoms telecommunications
    operator operators carrier carriers network networks netz reseaux redes сети 网络 equipment technology technologies
    sanction sanctions sanctioned sanktionen sanctions sanciones санкции санкций عقوبات 制裁 embargo entity list
    blacklist blacklisted tariff tariffs zoll zolle droits douane aranceles пошлины 关税 關稅 trade handel commerce
    comercio торговая 贸易 貿易 war export exports control controls 出口 管制 licence licences license licenses ban bans
    banned bar bars supplier suppliers security china chinese beijing chine chinois pekin chinesische peking russia
    russian moscow kremlin россия москва britain british washington trump biden putin xi eu european union commerce
    """
)
"""Words in headlines of every kind: weak evidence that two articles report the same event."""

CALENDAR_WORDS: Final = _words(
    """
    monday tuesday wednesday thursday friday saturday sunday january february march april june july august
    september october november december jan feb apr aug sept oct nov dec lundi mardi mercredi jeudi vendredi
    samedi dimanche janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre montag
    dienstag mittwoch donnerstag freitag samstag sonntag januar februar marz juni juli oktober dezember lunes
    martes miercoles jueves viernes sabado domingo enero febrero marzo abril mayo junio julio agosto septiembre
    octubre noviembre diciembre janeiro fevereiro marco maio junho julho setembro outubro novembro dezembro
    понедельник вторник среда четверг пятница суббота воскресенье января февраля марта апреля мая июня июля
    августа сентября октября ноября декабря
    """
)
"""Days of the week and months."""

SERIES_WORDS: Final = _words(
    """
    day days week round episode part volume issue number edition stage chapter season match game quarter phase
    wave lesson jour journee semaine episode partie numero etape saison tag woche runde folge teil ausgabe
    spieltag dia semana jornada capitulo parte temporada edicion день неделя тур серия часть выпуск номер
    """
)
"""Words after which a number identifies one part or issue of a series."""

PRONOUNS: Final = _words(
    """
    he she it they him her them his hers its their this these those that such both neither another others il
    elle ils elles celui celle ceux celles cela ceci ce c er sie es dies diese dieser dieses ello ella ellos
    ellas esto eso este esta ele ela eles elas isso isto он она оно они это этот эта эти его ее их هو هي هم هذا
    هذه ذلك 他 她 它 他们 她们 它们 他們 她們 它們 这 這 此
    """
)
"""Words that refer to something named before. Lower case, with their accents."""

CONNECTIVES: Final = _words(
    """
    but and or so yet also however meanwhile moreover furthermore besides additionally then instead therefore
    thus nevertheless nonetheless still similarly likewise otherwise consequently later earlier afterwards here
    there mais et ou donc ainsi aussi cependant toutefois pourtant enfin ensuite puis alors aber und oder doch
    auch jedoch dennoch deshalb daher dann zudem ausserdem außerdem pero y o sin embargo ademas además tambien
    también entonces luego mas e contudo porem porém tambem também но и а однако также кроме при поэтому затем
    """
)
"""Words that connect a sentence to the previous one. Lower case, with their accents."""

SENTENCE_OPENERS: Final = _words(
    """
    the a an in on at it its he she they we i this that these those but and however there when while after as
    for if no mr mrs le la les il elle un une en der die das er sie es el los las
    """
)
"""Words that often begin a sentence: after an abbreviation they show that a sentence ended. Lower case."""

ABBREVIATIONS: Final = _words(
    """
    mr mrs ms dr prof rev hon sen rep gov pres gen lt col sgt capt cmdr maj adm brig cpl pvt supt st ste mt ft
    vs no nos vol fig pp ed eds al approx dept est inc ltd co corp bros llc plc jan feb mar apr jun jul aug sep
    sept oct nov dec mon tue tues wed thu thurs fri sat sun ave blvd rd jr sr ph cf viz e.g i.e u.s a.m p.m m mm
    mme mmes mlle pr me art av bd env p.ex janv févr avr juil déc éd hr fr frl bzw ca evtl ggf inkl nr str usw
    vgl z.b d.h u.a o.ä s abs abt mio mrd tsd sra srta dra ud uds pág núm aprox ee.uu г гг ул им т.е т.д т.п млн
    млрд тыс руб р стр рис см напр проф акад sig dott ing avv on drs mevr bijv o.a enz
    """
)
"""Abbreviations that end with a period inside a sentence, without that period. Lower case, with their accents."""

MONTH_PREFIXES: Final = _words(
    """
    jan feb mar apr may jun jul aug sep oct nov dec mär mai okt dez ene abr ago dic fév avr jui aoû déc mei maa
    """
)
"""The first three letters of the names of months. Lower case, with their accents."""
