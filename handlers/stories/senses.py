"""Verbs of opposite sense: an addition and a removal, a ban and its end are two events, however alike the headlines.

The senses of a text are a bit mask. Each pair of opposites has two bits, one for each side.
"""

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from handlers.stories.words import Token, normalize_letters

_PAIRS: Final = {
    "list": (
        """
        add adds added adding addition additions hinzugefug* aufgenommen aufnahme ajout* inscri* anade anaden
        anadio anadido anadir agrega* agrego incluy* incluid* добав* включ* внес* внос* اضاف* تضيف يضيف ادراج
        ادرج* تدرج يدرج 加入 列入 新增 增列 纳入 納入
        """,
        """
        remove removes removed removing removal removals delist* deletes deleted deletion deletions gestrich*
        streich* entfern* radie radies retire retirent retirer retira retiran retirado supprim* elimin* borra* quita*
        исключил* исключен* исключа* удал* вычерк* شطب يشطب تشطب ازال* يزيل تزيل حذف 移除 移出 删除 刪除 剔除 除名
        """,
    ),
    "measure": (
        """
        impose imposes imposed imposing imposition slap slaps slapped introduce introduces introduced verhang*
        eingefuhr* einfuhrt einzufuhren imposent imposer impose imposee imposees imposition instaur* impon* impus*
        impuest* ввел ввела ввели ввод* введ* наложи* فرض تفرض يفرض فرضت 实施 實施 施加 加征 加徵
        """,
        """
        lift lifts lifted lifting waive waives waived revoke revokes revoked repeal repeals repealed scrap scraps
        scrapped aufheb* aufgehob* hebt leve leves levent lever levera leva levee levees abrog* levanta levantan
        levanto levantar deroga derogan derogado derogo revoc* снял сняла сняли снят* снима* снима отмен* رفع يرفع
        ترفع رفعت الغاء الغي* يلغي تلغي 解除 取消 撤销 撤銷 废除 廢除
        """,
    ),
    "ban": (
        """
        ban bans banned banning bars barred prohibit* outlaw* block blocks blocked verbiet* verbot* *verbot *verbote
        untersag* sperr* interdi* banni* prohib* veta vetado vetada запре* заблок* حظر* يحظر تحظر منع يمنع تمنع 禁止
        禁用 封禁 封锁 封鎖 禁令
        """,
        """
        unban* unblock* allow allows allowed permit permits permitted legalis* legaliz* erlaub* gestatte*
        freigegeb* autoris* permet* permit* permis* autoriz* legaliz* разреш* разблок* легализ* سمح* يسمح تسمح
        السماح 允许 允許 解禁 解封 准许 准許
        """,
    ),
    "contest": (
        """
        win wins won winning beat beats beaten victory triumph* gewinn* gewann* siegt siegte sieg siege gagn*
        remport* victoire* vainqueur* gana ganan gano ganaron vence vencio victoria выигр* победи* победа победу
        فوز يفوز تفوز فاز فازت 获胜 獲勝 胜诉 勝訴 击败 擊敗 赢得 贏得 夺冠
        """,
        """
        lose loses lost losing loss verlier* verlor* niederlage* unterlieg* perd perdent perdu perdre defaite*
        battu* pierde* perdio perdieron derrota* проигр* пораж* уступи* خسر* يخسر تخسر خساري هزيمي 败诉 敗訴 失利
        落败 落敗 输给 輸給
        """,
    ),
    "level": (
        """
        rise rises rose risen rising raise raises raised increase increases increased jump jumps jumped surge
        surges surged soar soars soared climb climbs climbed gain gains gained grow grows grew hike hikes higher
        steig* stieg* erhoh* wachs* wuchs* anstieg hausse hausses augment* grimp* progresse* bondit bondissent
        sube suben subio aument* crece* crecio alza* вырос* расте* рост роста повыс* повыш* увелич* подорож* ارتف*
        يرتفع ترتفع زياد* صعود صعد* 上涨 上漲 上升 增长 增長 上调 上調 大涨 大漲 走高 攀升
        """,
        """
        fall falls fell fallen falling drop drops dropped decline declines declined decrease decreases decreased
        cut cuts plunge plunges plunged slump slumps slumped slip slips slipped sink sinks sank tumble tumbles
        lower lowers lowered shrink shrinks sink* sank sanken gesunk* fallen fallt fiel fielen senk* gesenk*
        ruckgang baiss* recul* chut* diminu* plong* baja bajan bajo cae cayo descien* descend* reduc* упал* снизи*
        сниж* паден* пониж* сократ* подешев* انخف* ينخفض تنخفض تراجع* يتراجع هبوط هبط* 下跌 下降 下调 下調 大跌
        走低 减少 減少 回落
        """,
    ),
    "gate": (
        """
        opens opened opening reopen* offnet* eroffn* ouvre* ouvert* ouvrir rouvr* abre abren abrio reabr* откры*
        افتت* يفتح تفتح فتح 开放 開放 开业 開業 重开 重開 启用 啟用
        """,
        """
        close closes closed closing closure shut shuts shutting shutdown schliess* schloss* geschloss* ferme
        ferment fermee fermer fermeture fermetures cierra* cerrar* cierre закры* اغلق* اغلاق يغلق تغلق 关闭 關閉
        关停 關停 停业 停業 封闭
        """,
    ),
    "consent": (
        """
        approve approves approved approval accept accepts accepted agree agrees agreed backs genehmig* billig*
        zustimm* stimmt approuv* accept* valide* aprueb* aprob* acept* одобр* приня* утверд* согласи* وافق* يوافق
        توافق موافق* 批准 同意 通过 通過 接受
        """,
        """
        reject rejects rejected rejection refuse refuses refused veto vetoes vetoed ablehn* lehnt abgelehn*
        zuruckgewies* rejet* refus* rechaz* отклон* отказ* отверг* رفض* يرفض ترفض 否决 否決 拒绝 拒絕 驳回 駁回
        """,
    ),
    "custody": (
        """
        arrest arrests arrested detain detains detained jail jails jailed festgenomm* verhaft* inhaftier* arrete*
        interpel* detien* deten* detuv* arrest* арест* задерж* اعتقل* اعتقال تعتقل يعتقل 逮捕 拘捕 拘留 被捕
        """,
        """
        release releases released freed frees acquit* freigelass* freigesproch* entlass* libere liberee liberation
        liberado liberada liberan libero relach* acquitt* absuel* absolv* освобо* отпусти* оправда* اطلق* افرج*
        افراج 获释 獲釋 释放 釋放 无罪 無罪
        """,
    ),
    "trade": (
        """
        buy buys bought buying acquire acquires acquired kauf* ubernahm* ubernimm* erwirb* achet* rachet* rachat
        compra compran compro adquier* покупа* купи* приобр* شراء يشتري تشتري اشتري* استحوذ* 收购 收購 买入 買入
        购买 購買
        """,
        """
        sell sells sold selling divest* verkauf* veraus* vend vendent vendre vendu vente cede cession vende venden
        vender vendio venta прода* بيع يبيع تبيع باع باعت 出售 卖出 賣出 抛售 拋售 剥离
        """,
    ),
    "course": (
        """
        start starts started begin begins began resume resumes resumed restart* beginn* begann startet fortgesetz*
        commenc* debute debutent repren* repris* demarr* comienz* comenz* inici* reanud* начал* начина* начнет
        возобнов* بدا بدات يبدا تبدا استين* 开始 開始 启动 啟動 恢复 恢復
        """,
        """
        end ends ended halt halts halted stop stops stopped suspend suspends suspended suspension cancel* beend*
        endet enden endete eingestell* stoppt* gestoppt* ausgesetz* arret* suspend* termine terminent termina
        terminan termino acab* cesa cesan detien* законч* прекра* останов* приостан* оконч* انهي* ينهي تنهي نهايي
        اوقف* توقف* تعليق 结束 結束 停止 暂停 暫停 终止 終止 中止
        """,
    ),
    "membership": (
        """
        join joins joined joining enters beitritt beitret* rejoin* adher* ingres* incorpor* вступ* присоедин*
        انضم* تنضم ينضم 入盟 加盟 加入
        """,
        """
        leave leaves leaving quit quits exit exits withdraw withdraws withdrew withdrawal austritt austret*
        verlass* quitt* abandon* salid* выходит выйдет вышел вышла вышли покинул* покида* انسح* ينسحب تنسحب خروج
        退出 退盟 撤出
        """,
    ),
    "statement": (
        """
        confirm confirms confirmed admit admits admitted bestatig* einraum* confirm* admet* reconna* admite*
        reconoc* подтверд* призна* اكد* يوكد توكد اعترف* 证实 證實 确认 確認 承认 承認
        """,
        """
        deny denies denied denial dispute disputes disputed dementi* bestreit* dement dementent dementi niegan
        niega desmien* desmint* опроверг* отрица* نفي نفت ينفي تنفي 否认 否認 辟谣 闢謠
        """,
    ),
    "pressure": (
        """
        tighten tightens tightened toughen* harden* strengthen* verscharf* durci* renforc* endurec* refuerz*
        ужесточ* усил* تشديد شدد* يشدد تشدد 收紧 收緊 加强 加強
        """,
        """
        ease eases eased easing relax relaxes relaxed loosen* soften* locker* gelocker* assoupl* flexibil* alivi*
        смягч* ослаб* تخفيف خفف* يخفف تخفف 放宽 放寬 放松 放鬆
        """,
    ),
}
"""The two senses of each pair in the languages of the catalogue. `*` stands for any letters."""

_NEGATIONS: Final = frozenset(
    normalize_letters(word)
    for word in (
        "not never no without fail fails failed unlikely nicht kein keine keinen ohne ne pas jamais sans nunca sin "
        "не нет без لا لم لن ليس دون عدم"
    ).split()
)
_NEGATED_SCRIPTS: Final = re.compile("[不没沒未]")
_ARABIC_PREFIX: Final = re.compile(r"^[وفبلك]?(?:ال|ل)?(?=[\u0621-\u064a]{3})")
"""Conjunctions, prepositions and the article, which Arabic writes as part of the next word."""
_PERSPECTIVE: Final = ("contest", "trade", "membership", "custody")
"""Pairs of which one event has both sides: one team's victory is the other's defeat."""


class Senses(NamedTuple):
    """The senses in the two places where an article says what happened, as bit masks."""

    title: int
    lead: int


def _bit(pair: str, side: int) -> int:
    return 1 << (2 * list(_PAIRS).index(pair) + side)


def _tables() -> tuple[dict[str, int], dict[str, int], dict[str, int]]:
    """Return the senses by word, by beginning and by ending of a word."""
    words: dict[str, int] = {}
    beginnings: dict[str, int] = {}
    endings: dict[str, int] = {}
    for pair, sides in _PAIRS.items():
        for side, block in enumerate(sides):
            for entry in block.split():
                table = beginnings if entry.endswith("*") else endings if entry.startswith("*") else words
                key = normalize_letters(entry.strip("*"))
                table[key] = table.get(key, 0) | _bit(pair, side)
    return words, beginnings, endings


_WORDS, _BEGINNINGS, _ENDINGS = _tables()
_LENGTHS: Final = tuple(sorted({len(beginning) for beginning in _BEGINNINGS}))
_FIRST_SIDES: Final = sum(_bit(pair, 0) for pair in _PAIRS)
_EVERYWHERE: Final = sum(_bit(pair, side) for pair in _PAIRS if pair not in _PERSPECTIVE for side in (0, 1))
_BAN, _UNBAN, _LIFT, _STOP = _bit("ban", 0), _bit("ban", 1), _bit("measure", 1), _bit("course", 1)
_CACHED_WORDS: Final = 1 << 14


class _SenseCache(dict[str, int]):
    """The senses of each word, computed on the first lookup."""

    def __missing__(self, word: str) -> int:
        senses = _look_up(word) or _look_up(_ARABIC_PREFIX.sub("", word))
        if len(self) >= _CACHED_WORDS:
            self.clear()
        if len(word) <= 32:
            self[word] = senses
        return senses


_CACHE: Final = _SenseCache()


def _look_up(word: str) -> int:
    senses = _WORDS.get(word, 0)
    for length in _LENGTHS:
        if length <= len(word):
            senses |= _BEGINNINGS.get(word[:length], 0)
    for ending, sense in _ENDINGS.items():
        if word.endswith(ending):
            senses |= sense
    return senses


def senses_of(tokens: Iterable[Token]) -> int:
    """Return the mask of the senses of a text, given its words as `words.tokenize` returns them; 0 if it negates."""
    senses = 0
    for word, is_number in tokens:
        if is_number:
            continue
        if word in _NEGATIONS or (word > "\u3000" and _NEGATED_SCRIPTS.search(word)):
            return 0
        senses |= _CACHE[word]
    if senses & _BAN and senses & (_LIFT | _STOP):  # the end of a ban
        senses = senses & ~_BAN | _UNBAN
    return senses | _UNBAN if senses & _LIFT else senses


def are_opposite(one: int, other: int, *, is_one_outlet: bool) -> bool:
    """Return whether two texts report opposite things: in some pair, each has a sense that only the other lacks.

    Two outlets may describe one event from the two sides of a contest or of a trade, which one outlet hardly does.
    """
    if not one or not other:
        return False
    if not is_one_outlet:
        one, other = one & _EVERYWHERE, other & _EVERYWHERE
    only_first, only_second = _single_sides(one)
    others_first, others_second = _single_sides(other)
    return bool(only_first & others_second or only_second & others_first)


def _single_sides(senses: int) -> tuple[int, int]:
    """Return the pairs of which the text has only the first sense, and only the second, as bits of the first sense."""
    first, second = senses & _FIRST_SIDES, senses >> 1 & _FIRST_SIDES
    return first & ~second, second & ~first
