"""Document frequencies of common words in the news of eight languages, for an index that has seen few articles."""

from typing import Final

_VERY_FREQUENT: Final = """
    compan first govern last month pct report share time year

    annee annonc ans autre bien commun contre debut declar dernie dimanc enquet etat faire franca gouver homme indiqu
    jeudi jour juin lui lundi mar mardi meme mercre minist moi mort nation nombre nouvea nouvel pay person place plusie
    premie presen presid quelqu rappor samedi semain tre troi

    alle andere arbeit beim bereit berich damit dienst diese doch ersten etwa euro flucht gibt grosse habe intern jahr
    jahre jahren jahrig keine kommen konnen konnte laut man mensch mittwo neue nun prasid regier rund sei seit unters
    vergan weiter wieder wien worden zwei

    actual ano anunci asi aument cada client compan compar comuni contra cuenta dato desarr dia digita dispos donde
    durant empres forma genera global gobier hace hoy import inform inteli intern lider mercad millon mundia mundo
    negoci nueva nuevo organi pai person presen presid primer princi produc public rede seguri servic social tecnol
    todo trabaj transf usuari vez

    bedrij econom eerder eerste gaat geen grote handel hun jaar minist nieuwe politi presid procen tot tussen twee
    volgen vs waar week worden zich zo

    более будут возмож время всего глава года году госуда данным информ исслед компан которо которы мая минист напомн
    ноября област однако опубли органи отмети получи предст презид пресс работа ранее расска регион сегодн сеичас
    сообща сообщи состав специа том федера челове

    اكتوبر الاتحا الانتخ الاولي الثلاث الجديد الجمعي الدولي الذين السياس العالم العام الماضي الوطني الي اليوم امس انه
    بان بعض تم حتي حزب حيث خاص رييس عدد علي عليها غير فيما له لها محمد وذلك وزاري وفي يوم

    中国 中國 中央 主席 今天 今年 北京 发展 国家 国际 我国 政府 政治 新闻 消息 美國 表示 香港
"""
"""Stems (`words.stem`) of words that occur in at least one of 12 articles."""

_FREQUENT: Final = """
    accord agreem announ back based billio board busine buy called change chief comput contin contro cost countr curren
    cut day deal develo direct due earlie econom electi end exchan execut expect figure financ firm five follow foreig
    former four game genera group help high hit home includ increa indust intere intern invest issue lead long loss
    made major make manage market meetin millio minist move nation net new next note number offer office offici oil old
    open operat part pay people plan presid previo price produc profit progra propos public quarte rate receiv recent
    record releas remain result rise sale season second securi see servic set show since six spokes state stock system
    take talk techno term third three today told top trade unit vs way week win won world

    accord accuse affair affirm age agit ajoute ancien aout appel arrive arrond assemb assure attend attent aucun
    aujour aurait autori avril beauco blesse ca candid capita cas cause cela celle celui centre certai chante chaque
    charge chef cinq commen compte concer confie confin confir consei contin contra cote cour crise decede decide
    decisi deja demand denonc depart depute desorm devant devrai diffus dire direct dispar doit donne droit droite
    ecole ecolog effet egalem electi elu elysee enfant entend enviro epidem estime eu euro eux ex expliq face fait
    famill faut femme fevrie fil fin foi foncti force garde gen genera gilet grand grande groupe habita hausse haut
    haute heure hopita hui inform interd interi intern interp interr interv janvie jaune jeune journa journe juille
    jusqu lance lieu loi mai maire maison majori manife marche matin membre mesure midi milita millio mis mise mobili
    moment monde montre mouvem nord nuit octobr offici operat ordre organi pandem parque parti partic partie
    partir passe pendan peu peut point police polici politi porte positi pourra poursu pouvoi pre precis presse pri
    princi procha proche produi profes progre projet propos pu public publie publiq quand quarti quatre questi quotid
    raison rassem realis region repres reseau respon reste retour retrai retrou revele risque sanita sante second
    securi semble sept sera servic site situat social sociau soir soiree soit souhai source sui suite temp touche
    toujou tour transp travai tribun trouve uni utilis va victim video vie ville violen

    aktuel allem allerd anfang angabe art ausges aussen ausser bekann bekomm beschl bestat betrie bisher burger chef
    dabei dann davon dazu demnac denn deren derzei deutli diesem dieser direkt dollar donner dort drei dritte durfte
    ehemal eigene einige einmal ende entsch entspr entwic erfolg erklar erreic erst erste erstma eu festge finanz
    forder forsch frage freita freund funf gab ganz geben geht gemein gerich gescha geschi geschl gesetz gespra getote
    gewese gewinn grenze grosst grunde gut handel heute hier hiess hinter ihm ihn ihnen ihrem ihren ihrer immer ins
    insges jetzt kam kein kleine kommt konzer kunfti land lange lassen leben letzte machen macht marz medien mehrer
    meiste millia millio mitarb mittei mittel moglic monate muss mussen musste nachri nation naturl neuen nieder nutzer
    ob offent offizi online organi partei person politi polize prasen presse privat proble prozen recht rechts sagt
    samsta schein schlus sech sehen sehr seien seinem seinen selbst sicher sogar sollen sollte sowie sozial
    spiel spiele sprech staats stadt standa starke steht stelle stellt studie stunde system tag tagen teilte uhr unsere
    untern verfug verkau verlet veroff versch versuc viel viele vier vierte wahren wegen weil wenige werde wiener wo
    woche wochen wollen wollte zahlen zehn zeigt zeit zuletz zuruck zusamm zwar zwisch

    acceso activi acuerd adema admini ahora alcanz alguna alguno alto amenaz amplia analis analiz ante aplica artifi
    asegur ataque aun autori bajo cambia cambio capaci casi caso celebr centro ciudad colabo comenz comerc comple
    compra compro comput conect conoce conoci consum conten contin contro conver crisi critic cualqu cuando cumpli
    declar demand despue destac difere dijo dio direct dispon divers dolare econom electr ella ello embarg encont
    encuen enferm equipo eso espaci espano especi espera establ estan estar esto estrat estudi evento evoluc experi
    expert famili fin financ frente funcio futuro gracia gran grande grupo hacer hacia hay hecho herram histor hora
    impact impuls inclus incluy increm indust infrae ingres inicia inicio instit integr invest junto lidere linea
    llamad llegar luego lugar manera manten marco mayor medida medio mejor mejora meno mensaj mese mexica mientr mil
    mismo modelo moment movil movile mucha mucho necesi nivel nuestr numero objeti oficia ofrece operac oportu otra
    otro paise pandem parte partic partid pasado permit plataf podria politi porque potenc proces profes progra protec
    proteg proxim proyec puede pueden punto rapida realid realiz recibi recien recono red region regist relaci report
    repres respec respon result revela salud sea sector segund semana sera serie sido sino sistem solo tan tanto teleco
    telefo televi tema tenden tener termin tiempo tiene tipo toda trave tre ultima ultimo uso utiliz vida video virtua

    aandac aandel aantal achter af afgelo aldu alle alleen andere bekend belang belegg bijna binnen blijft boven buiten
    cijfer daar daarme daarna dag dinsda direct doen donder drie druk euro financ flink gaan gebeur gebrui gemeen ging
    goed groot haar hem hoe hoger hui iet index intern jarige keer komen komend komt krijge krijgt kunnen kwam laat
    laatst lager land landen lang leven lijkt lijst maand maanda maande maken man markt mee mei meldt mensen miljar
    miljoe minder moet moeten mogeli moment nadat nation net netwer nieuw olie omdat onderh onderz ons ontmoe onze
    opnieu overhe plaats produc punten regeri rond ruim samen schrij sind smartp snel staan staat staats steed stond
    techno teleco terug terwij tijd tijden toe toen top tweede uur vanaf vandaa vanweg veel veilig verdac verder verlie
    verwac vooral voorma voorzi vorig vrijda waarsc wat wedstr weer weg wereld weten wil willen winst woensd zaterd
    zegt zei zelf zien zoal zondag zonder zorgen zouden

    ru автомо админи америк апреля безопа благод болезн больни больше больши большо бывшии ведомс видео воздух возрас
    вопрос воскре восток времен выздор выпуск выступ выявле главны главы говори год города городе городс данные два
    двух деиств декабр дела дело день директ днем добави докуме должно должны дополн достиг доступ других журнал заболе
    заверш зависи задерж заключ занима западн зараже зафикс заявил здоров идет извест издани им интерв инфекц исполн
    исполь источн июня качест китаис количе команд коммен контра кроме лет лишь людеи максим матери медици между междун
    менее место миллио мира млн могут момент москва москов мужчин наблюд назад назвал называ направ народн населе
    настоя находи начала некото необхо нескол них нового новои новост новыи новых нужно обеспе обнару образо обрати
    общест объяви ограни одного оказал около октябр опасно операт опреде основн ответс открыт отмеча относи отноше
    отправ официа очеред пандем пациен переда перехо период пишет планир площад подгот поддер подозр подпис подтве
    подчер позвол пока показа полити получа пользо помощь понеде популя послед поступ потреб почему поэтом правит
    правоо предло предос предпо премье призна пример принят приобр причин пробле провед провод прогно програ продол
    продук проект проиде произв произо против проход процес прошло работу работы развит разраб раиона раионе рамках
    раскры распол распро режим резуль речь решени риа россия рублеи руково саите своего своеи свои своих свою связи
    северн сети систем ситуац сказал следст следую служба службы случае собств соверш соглас соглаш создан сообще
    соотве состоя сотруд сохран социал способ среди средне средст ссылко стал стали станет столиц сторон стране страны
    сутки считае таким такои телефо темпер террит течени тот трансп три тыс тысяч увелич уголов удалос указан улице
    универ управл уровне услови устано участи ученые учрежд фото ходе центра частно чемпио через четвер четыре числе
    число эконом экспер эпидем этои являет

    اثر اجتماع اجل احد احمد اخر اخري اداري اذا اشهر اطار اعضاء اعلن اعلنت اكثر اكد الا الاثني الاجتم الاحتف الاحد
    الاحزا الاخير الادار الاربع الاسبو الاستق الاسلا الاعلا الاقتر الاقتص الاقلي الامر الامري الامن الامير الانسا الاول
    البيضا التابع التاري التصوي التنظي التواص الثاني الثقاف الجاري الجمهو الحالي الحديث الحزب الحكوم الحملي الحياي
    الخارج الخاصي الخامس الخميس الداخل الدفاع الدكتو الدوري الدين الرسمي الرياض الرييس السابق الساعي السبت السلطا السني
    الشعبي الصحي العاصم العامي العدال العربي العمل العملي الف الفتري الفرنس الفريق الفنان الفني القادم القدم الكبير
    الكثير اللاعب اللجني اللقاء الله المايي المتحد المجال المجتم المجلس المحلي المدين المراي المشار المصري المقبل
    المكتب الملك الملكي المملك المنطق المواط الموسس النساء الواقع الوزار الولاي امام انتخاب انها اول اي ايام ايضا
    بالاضا بدايي برنامج بسبب بشكل بل بما بمديني بمناسب بن به بها بيان تحت تحقيق تلك تمكنت تنظيم ثلاثي جانب جديد جديدي
    جرت جميع حالي حفل حول حين خاصي داخل دعم دون رغم زايد سبق سنوات سني شركي شهر صباح ضد ضمن ظل عام عاما عبد عبر عدم
    عليه عمليي عين فان فريق فعاليا فقد فقط فيه فيها قام كبيري كشفت لايحي لجني لحقوق لدي لكري لكن لما ليس مارس متابعي
    مثل مجال مجلس مجموعي مختلف مديني مساء مستوي مصادر مما منطقي منها مهرجان مواقع نحو نهايي هناك واشار واضاف واكد
    والتنم والتي والذي والمعا وان واوضح واوضحت وجود وزير وسط وفق وقالت وقد وكالي وكان ولا ولم ومن وهو وهي يتم يكون يمكن
    يونيو
"""
"""Stems of words that occur in at least one of 30 articles."""

_COMMON: Final = """
    abilit able accept access accoun accuse achiev acquir acquis across act action activi actor actual add added adding
    additi addres adjust admini admitt advanc advant advert advise affair affect aftern age agency agent ago agree
    agreed agricu ahead aid aim aimed air aircra album allege allow allowe almost along alread althou among amount
    analys annual anothe answer anti appeal appear applic appoin approa approv area arm army around arrest artist ask
    asked asset assist athlet attack attemp attend attrac author availa averag avoid award away backed bad balanc ban
    band banker bankin bankru barrel base basi battle beat beatin became become becomi began begin behind believ benefi
    best better beyond bid big bigges bill block blow body bomb bond book boost born borrow boss bought box boy brand
    break bring broadb broadc broken broker brough budget build buildi buyer buying cabine call came camera camp campai
    candid cap capaci capita captai car card career carrie case cash catego celebr cent centra centre ceremo certai
    chairm challe chance channe charge chart chemic childr chip choice city civil claim claime clash class classi clear
    close closed closin club coach code collec combin come coming commen commer commit commod common commun compar
    compet compla comple concer conclu condit conduc confer confid confir connec conser consid consol consti constr
    consul consum contai conten contes contra conver cooper corpor counte court cover create creati credit crime crimin
    crisi critic cross crowd crude custom cuttin daily damage data date dealer death debate debt debut decade decide
    decisi declar declin defeat defenc defend defens defici defini delay delive demand denied depart depend deputy
    descri design despit detail determ device didn died differ diffic digita disapp disast disclo discou discus dismis
    displa disput distri divide divisi docume dollar domest domina done double downlo draw drive drop droppe drug early
    earned earnin educat effect effort eight either electr emerge employ encour ended ending energy engine enough
    ensure entere enterp entert enviro equipm equity estate estima eu euro even event ever every eviden ex exclud
    existi expand expans expens experi expert expire explor export expres extend extrao eye face facili facing factor
    failed failur fall fallin family fan far farm fast faster favour fear featur fee feel fell fellow field fifth fight
    fighti file filed filing film final find findin fine finish fire fiscal flight focu food footba force forced foreca
    form formal format forwar found founde fourth fraud free friend front fuel full fund future gain gas gather gave
    gettin giant give given global gmt go goal going gold gone good grand grante great greate green ground grow growin
    growth guaran guilty half hand happen happy hard head health heart heavy held helped helpin higher highes himsel
    histor hold holder holdin honour hope hoped host hotel hour housin howeve huge human hundre idea identi illega
    image immedi immigr impact import impose impres improv income indepe index indica indivi inflat inform initia
    injury inquir insist inspir instea instit insura intend intent interv introd invent involv issued itself jet job
    join joined joint journa judge justic keep kept key killed know known langua large larges late later latest launch
    law lawyer leader leadin least leave led left legal legisl less let letter level libera life lift light like likely
    limit limite line link list listed little live living loan local longer look lookin lose losse lost lot low lower
    machin mail main mainta majori maker making man manufa many mark match materi matter mean measur media medica meet
    member merger messag mid milita mining minute miss missin mobile model moment money monito monthl mornin mortga
    moved movie much music name named natura near nearly need needed negoti networ never newspa night nine nomina
    normal northe noted nothin nuclea offere offeri often online opened openin opport oppose opposi optimi option order
    organi origin other outloo output outsid outsta overal overse owned owner packag pact paid pair panel paper parent
    parlia partic partie partne party past paying paymen payout peace penalt pensio percen perfor period person phone
    pick pictur place plane planne planni plant play played player playin pledge point police polici policy politi poll
    poor popula positi possib post posted potent power pre predic prefer prelim premie prepar presen press pressu
    preven priced primar princi prior prison privat prize probab proble procee proces profes profil progre projec
    promis promot prompt proper prosec prospe protec protes provid provin provis publis purcha push put qualif questi
    quit race radio raise raised raisin range rather rating reach reache ready real really reason recogn recomm recove
    red reduce refere reflec reform refuse region regist regula reject relate relati remark replac repres reques requir
    resear reserv resign resour respec respon rest restru retail retire return reveal revenu review revise right rising
    risk rival road rock role rose round row rugby rule ruled ruling run runner runnin save saving saw saying scanda
    schedu scheme school scient score scored screen search seat secret sector secure seed seek seekin seem seen select
    sell sellin senior sent separa serie server settle seven severa shareh ship short shot showed showin shown side
    sign signed signif simila singer single site situat size slight slow small smalle social societ softwa sold song
    soon source southe space spam speaki specia specul speech speed spend spendi spent split sport spot spring sprint
    squad staff stage stake stand standa star start starte starti statem statio statis stay step stop store story
    straig strate streng strike strong strugg studio study style subjec subsid substa succee succes suffer sugges
    summer suppli supply suppor surplu surpri survey suspec suspen tackle taken takeov taking talkin target tax taxe
    team tech techni teleco teleph televi tell ten tender tenni terror test thing think though thousa threat ticket tie
    title togeth tomorr tonne took tool total totall tough tour toward town trader tradin tradit traini transa transf
    transp travel trial trie trip troubl try trying tsunam turn turned unders underw unless unlike unveil update urge
    urged use used user using value ventur versio vetera vice victor video view violen viru visit vote voted voter want
    wanted warned warnin watchd web websit weeken welcom well went wester whethe whole whose widely winner winnin
    wirele withdr within withou women work worker workin worldw worrie worth writer writte wrong yen yester yield young

    abord accide action afin agress aide ailleu alerte appele arme arrete assist attaqu attein aucune augmen aupre aura
    autant autour avocat ayant bord campag change chiffr classe connai conseq consta contro coup debat dece destin
    detail diffic dirige dispos distri domici durant econom effect eleve engage enregi ensemb entrep entret equipe
    etabli evoque examen faite figure finale fort forte gauche gendar huit identi image immedi import initia inquie
    instit jamai juge justic laisse lendem ligne liste locale long lorsqu maladi mariti masque medeci medica menace
    mere mettre minute mondia moyen niveau objet observ occasi orange ouest ouvert parmi parole part petit peuven plein
    pleine possib pourta prefec prendr prise procur propo provoq racont recher reconn reform rencon rentre repond
    result rien salari savoir scene secour secret seul six societ sondag soulig souven syndic tard televi terre tete
    total train trop trouva tue urgenc vacanc vigila vont vu vue

    allein altern angrif auslan aussch befind beginn beiden beispi bereic berufu bescha besser besuch betrof bevolk
    bezirk bleibt bracht dafur darauf daten debatt denen detail die diesen eher eigent einfac eingel einsat energi
    entdec erhalt erneut erwart ex fall fast fernse film folgen frau fruher fuhren funkti gar gebrac gegebe gemach
    genera genomm geplan gerade gesamt gewiss graz griech grunen halt haupts heisst heraus herbst herste hervor hinwei
    hochst hohe inform innenm innerh instit integr intere jedoch journa jungst kamen kampfe keinen kinder klar kolleg
    kommis konkur kritis kunden lander langer lasst laufen lebens liegt losung mal massna milita mitgli mittle monat
    nachde nachst nacht nahe namen namlic neben nehmen neu nicht nieman oft orf passie pro projek region richtu saison
    schlag schlie schnel schwie seine sieben sieht solche spater stehen steige steuer tage teil thema titel transp
    treffe trotz turkei verant verbra verbre verhan verkeh verlor vertei vertra video vorste ware wechse weg wer widers
    wissen zahl zahlre zentra zudem zufolg zukunf zumind zunach zustan zuvor zweite

    abril afecta alianz anteri aprend asocia atenci aunque avanza ayudar baja base bien buscan cabo camara campan casa
    centra cifra cinco coment compet conexi confia consid constr consul conven cosa cuatro debe decidi decisi derech
    distri efecti ejecut ejempl emplea encues enfren entreg entrev esfuer evitar exito explic expres fabric falta final
    fortal hacien hemo hizo identi imagen indica ingeni instal intere jovene julio junio labora lanza lidera llevar
    lograr mayori median minist ningun nunca ocasio opcion paso period poco podran posibi posibl posici practi prensa
    prepar propor provoc pue quiene quiere regula respal revolu riesgo secret seguir segura seguro seran siempr signif
    socio tecnic tercer tienen total tradic trata va vario vece venta ver victim

    aangek altijd appara begin begint beperk bereid beslui bestaa beste bestuu beter beur beurze bezoek bleef blijve
    bovend centra club colleg daardo dagen deel derde doet dollar duidel dus echt een eerst eindig elkaar enkele extra
    geeft gelede gemaak gerich geslot gespre gezegd groots hadden hier houden houdt import indust inmidd jaren jonesi
    journa juni kabine kleine kort kreeg kwarta lagere langer laten later leider ligt maakt maakte maart maatre mag
    manier media meerde mijn mobiel mogen neemt nemen niet nodig noteer offici ondank ontwik open openin organi overle
    partij persbu plaat positi premie presen progra samenw seizoe stad stand stap steeg stelt stevig stijge streng
    telefo ten toekom twinti vanuit verkla verkop versch vier vijf voetba volgt vorige vraag vrouw vrouwe weeken weet
    weinig won woning zeggen zes zet zetten zullen zwarte

    time активн артист бизнес ближаи больны бюджет вероят версии ветер водите возбуж впервы второи выделя выплат выросл
    главно дал данныи департ депута дистан дня догово должна доллар дома другие другим жизни житель заведе запуск
    зареги затем защитн защиты именно интере интерн исключ искусс истори каждыи карант конкур контро коррес летнии люди
    массов медики меропр месяц месяце метров мире многих много над назнач наибол написа нас находя национ начале начина
    нашли новая новые нынешн общее обязат онлаин осадко осталь отдель отказа отсутс очень парлам первои первыи перед
    подобн покупк полици полнос получе помощи постоя постра правил право практи предва прекра прилож провер просто
    прошед публик разреш реализ рекорд рожден самои свое связан сделал секрет синопт сложно службе случаи состои стало
    страни субъек суд сущест считаю такие телека тех техник традиц тренер трех умерли успешн устана устрои участн
    ученых форме хотя цены экс юго

    ابن اثناء احداث احدي استعدا افريقي اكبر اكدت الاخري الاشار الاشتر الاطفا الاعما الامار الامين الان الانتق الاورو
    الاوسط الايام البرلم البريط البعض البلاد التاسع التجار التركي التزام الجنسي الحاضر الحركي الحفل الخليج الدراس
    الدستو السابع السادس الشباب الشرق الشرقي الشمال الشهر الشوون الصادر الضوء العلاق العموم العنف القانو القوي القياد
    المالي المبار المحكم المدني المدير المرشح المركز المستو المسوو المغار المقرر المنظم الموسم الوطن الوقت اليه اما
    باسم بالنسب بانه بحسب بدات بعدما بكل بلغت بمشارك بهذا بينما تجدر تسجيل تصريح تقديم تكون تمت جمعيي جهي حسب حضور حقوق
    حكم حكومي حملي خصوصا دراسي دور دولار دولي ذات سعيد سواء سياسي صاحب صالح صحفيي صفوف طريق عددا عدي عقب عمل عمليات
    عنها غايي فبراير قالت كاس كشف لان للانبا للانتخ لمدي لهم مشاركت مشيرا مصر مقابل مكاتب مليون منظمي موقع موكدا نتايج
    نسبي نظام واضافت واكدت والمسا وبين وذكر وضع وعلي وفقا وكانت وكيل ولكن وياتي يصل يعد يقول
"""
"""Stems of words that occur in at least one of 200 articles; one of 50 in languages with a smaller sample."""

_EVENT_TYPES: Final = """
    accide alleg arrest attack avalan award blast blaze bomb break burgla clash collap collid crash cyclon death
    derail disast drown earthq electi erupti evacua explos fatal fire flood forest gunman gunmen hacker heist hostag
    hurric injury jailed kidnap killed killin lands looter magnit murder outage outbre plane protes quake rescue
    resign riot robber shooti sinks stabbi storm strike suicid tornad tremor tsunam typhoo verdic volcan wildfi wounde
    ambass chance comman govern judge king mayor premie prince princi queen senato spokes

    accide agress attent avalan cyclon deces deraill electi explos fusill greve greves incend inonda meurtr naufra
    seisme tempet tremble chance depute gouver maire prefet senate

    anschl brand erdbeb explos explod feuer hochwa lawine mord sturm streik uberfa unfall unwett waldbr
    burger kanzle minist prasid senato

    accide atenta explos huelga incend inunda murio sismo terrem tirote tormen alcald gobern senado

    aanval aardbe brand explos moord ongelu overst schiet stakin storm burgem

    авария аварии взрыв взрыва взрыве выборы дтп пожар пожара пожаре убийст убийств землет навод наводн ураган
    губерн депута мэр

    انفجار حريق حادث زلزال فيضان هجوم

    地震 火灾 火災 爆炸 洪水 台风 颱風 车祸 車禍 袭击 襲擊 选举 選舉
"""
"""Stems of words for types of events and for offices. Such events and officials are found in many places."""

NAMES: Final = """
    美国 美國 英国 英國 法国 法國 德国 德國 俄罗 罗斯 俄羅 羅斯 欧盟 歐盟 日本 印度 韩国 韓國 朝鲜 朝鮮 台湾 台灣
    乌克 克兰 烏克 克蘭 以色 色列 伊朗 中方 美方 华盛 盛顿 华府 米国 ロシ シア 中国 韓国 北朝 ウク クラ ライ イナ
    イス スラ ラエ エル

    واشنطن موسكو بكين لندن باريس طهران بغداد دمشق القاهر روسيا الصين اوكران اسراي ايران العراق سوريا مصر لبنان
    السعود تركيا امريكا اوروبا الهند باكست غزه غزي فرنسا الماني بريطا اليمن ليبيا السودا الاردن

    미국 중국 일본 한국 북한 러시 시아 우크 크라 라이 이나 영국 독일 서울

    ישראל ארהב איראן עזה חמאס רוסיה אוקראי לבנון סוריה ירושל

    अमेरिक भारत चीन पाकिस् रूस यूक्रे दिल्ली ईरान
"""
"""Stems of names in the news of most days, in languages of which there is no sample."""

_COUNTS: Final = ((NAMES, 24), (_VERY_FREQUENT, 60), (_FREQUENT, 24), (_EVENT_TYPES, 60), (_COMMON, 9))

DOCUMENT_FREQUENCIES: Final = {word: count for block, count in reversed(_COUNTS) for word in block.split()}
"""By stem, the number of stories with the word among the 20,000 that an index assumes before the first article."""
