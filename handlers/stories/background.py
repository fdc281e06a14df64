"""How common words are in the news of eight languages, for as long as an index has not seen enough to know it."""

from typing import Final

_USUAL: Final = """
    compan first govern last market pct share time year

    annonc ans autre commun contre demand dernie etat faire franca gouver jour lui lundi mardi minist moi nation
    nouvea nouvel pay person politi premie presen presid rappor tre uni

    arbeit dienst euro flucht intern jahr jahre jahren man mensch mittwo person politi polize prasid prozen regier
    sei untern weiter wien

    ano aplica cada ciudad client compan comuni contra cuando cuenta dato desarr dia digita dispos empres genera
    gobier inform inteli intern invest mercad millon mundia mundo negoci nuestr nueva nuevo organi pai permit
    person presen presid primer produc public rede seguri servic sistem social solo soluci tecnol tiempo todo
    trabaj transf trave usuari

    bedrij buiten eerste gaat geen handel hun jaar minist nieuwe presid procen punten tot tussen twee volgen vs wat
    worden zich zo

    года году которо которы мая минист ноября област получи пресс расска регион челове

    الانتخ الدولي السياس العالم العام الوطني الي اليوم امس انه حزب حيث رييس عدد علي محمد

    中国 中國 发展 国家 国际 我們 我国 政府 新闻 消息 美国 美國 表示 香港
"""
"""The openings (`words.stem`) of words that stand in every twelfth article and more."""

_FREQUENT: Final = """
    agreem announ back billio busine common comput contin contro countr curren cut day deal debt develo direct
    econom electi end exchan expect film financ firm five foreig four game genera group high home includ increa
    indust intere intern invest issue loss made make manage millio minist month nation net new next note number
    offer office offici oil open operat people plan player presid price produc profit progra public quarte rate
    record report right rise sale second securi servic set show six state stock system take tax techno three today
    told trade unit vs way week win world

    accord accuse actual affair affirm allema amende ancien annee aout arrete arrive assure aurait automo autori
    avril bien blesse ca campag candid cas cause centre certai charge chef commen compte concer condam confin
    consei contro coup cour crise debat dece decisi declar deja denonc depart depute dimanc direct doit ecolog
    econom egalem electi emissi enfant enquet entrep enviro estime eu euro expliq famill faut femme fin financ foi
    force gauche genera grand grande groupe habita heure homme indiqu inform inquie intern interp interr interv
    invite janvie jeudi jeune journa juge juille juin jusqu justic loi mai maire manife mar marche matin meme
    menace mercre mesure milita millio mis moment monde mort munici nombre nord nuit operat ordre organi
    pandem parole parti partic peut place plusie point police polici porte pourra pre precis prendr prison procha
    profes projet propos public publie quand quelqu questi reconn region repond reseau respon risque samedi sanita
    sante scoop secret securi semain sera site situat six social societ soir soit temp toujou transp travai tribun
    troi utilis va victim video vie ville violen viru

    alle andere anfang angabe angrif art aussen beginn behord beim bekann bereit berich betrie burger chef dann
    daten diese doch dollar donner einsat ende entsch entwic erfolg ersten etwa eu fall finanz forder forsch frage
    frau freita freund geld gemein gerich gescha geschi gespra gewalt gibt grenze grosse habe handel hinter immer
    inform innenm jahrig kinder konnen konnte konzer land lander laut leben massna medien milita millia millio
    minist mitarb mittel moglic monat monate mussen nachri nation neue nieder nun nutzer online organi partei
    presse privat proble projek rechts richtu rund sagt saison samsta schlus seit selbst sicher sozial spiel
    spiele sprech staats stadt standa studie stunde system tag tage tagen teil transp unters vergan verlet versch
    vertei video vierte weg wegen wieder wiener woche wochen worden zahl zahlen zeit zukunf zusamm zwei

    acceso actual acuerd adema admini ahora amenaz anunci asegur asi ataque aument cambia cambio caso centro colabo
    comerc compar comple compro comput conect consum conten contin contro conver cualqu derech despue destac difere
    dijo direct donde durant econom ejecut electr encuen encues enferm equipo eso especi estan esto estrat estudi
    explic famili financ forma funcio futuro global gran grupo hace hacer hay histor hoy identi import indust
    ingres instit integr lider linea lugar manera mayor medida medio mejor mejora meno mensaj mexica mil minist
    modelo moment mucho necesi nivel numero objeti ofrece oportu otra otro paise pandem parte partic partid pasado
    plataf podria politi princi proces progra protec proxim puede pueden realiz recono red region regist relaci
    report respon result riesgo salud secret sector segund semana sido teleco telefo televi tener tiene toda ultimo
    uso utiliz vez vida video virtua

    achter af afgelo aldu alle andere bekend belang belegg bezoek bijna binnen blijft daar daarme dag dinsda direct
    dollar drie dus econom eerder euro financ gaan gebrui gemeen groot grote haar hem hier hoe hoger hui intern
    jarige keer komen komt krijge krijgt kunnen kwam kwarta laat laatst land landen lijkt maand maanda maande maken
    man markt meldt mensen miljar miljoe minder moet moeten mogeli moment nation netwer nieuw olie omdat onderz ons
    overhe politi produc regeri samen sind smartp staan staat steed techno teleco tijden tweede uur vandaa vanweg
    veel veilig verdac verder verwac voorzi vrijda waar waarsc week weer wereld weten wil winst zegt zei zondag
    zonder zouden

    автомо админи америк более больни больше будут бывшии бюджет видео возмож вопрос времен время всего выпуск
    выступ глава главы говори госуда данные данным декабр день директ днем заболе извест инфекц информ исполь
    исслед количе команд компан контра лет людеи матери медици млн могут москва москов мужчин назвал находи начала
    некото новост обнару образо однако оказал около опубли органи отмети отмеча официа очеред пандем пациен переда
    планир поддер подтве позвол показа полити помощь понеде послед правит предст презид призна пробле провед програ
    проект произв произо против работа развит разраб ранее распро резуль решени риа россия рублеи руково саите
    северн сегодн сеичас систем ситуац сказал служба службы случае собств соглас сообща сообще сообщи состав состоя
    сотруд специа способ средст сутки темпер террит том три тыс тысяч увелич универ управл ученые федера чемпио
    через экспер

    اجل احد اذا اطار اكثر ال الا الاتحا الاجتم الاحزا الاخير الاربع الاسلا الاعلا الاقتص الامري الانسا الاول الاولي
    التابع التصوي التنظي التواص الثلاث الجديد الجمعي الجمهو الحزب الحكوم الحملي الخارج الخاصي الداخل الذين الرسمي
    الرياض الرييس السابق السبت الشعبي العامي العربي العمل العملي الف الفريق الفنان القدم اللاعب الله الماضي المايي
    المتحد المجتم المجلس المحلي المراي المشار المصري المقبل الملك المملك المواط النساء امام انتخاب انها اول اي بان
    برنامج بسبب بشكل بعض بل بن بها تحت تم جميع حتي حول خاص داخل سني شركي ضمن عبد عبر عليه عليها عين غير فان فيما
    فيه فيها كشفت لايحي لكري له لها متابعي مجلس مجموعي مديني مساء مستوي مليون مهرجان هناك والتنم وذلك وزاري وزير
    وفي وقد ولا وهو وهي يوم

    一個 世界 两国 中共 中央 中方 中美 主席 乌克 乌军 乌称 书记 产业 人士 人民 今天 今年 他們 代表 企业 伊朗 会见 俄军 俄称 俄罗 信息 們的 克兰 全国 全球 全面 公司 共同 关系 内联 制裁 加快
    加拿 北京 发布 可以 可能 合作 同比 問題 国内 國安 國家 國的 國際 地区 報道 增长 外交 安全 工作 平总 建设 引领 征程 思想 总书 总统 想引 打击 拿大 持续 推动 推进 支持 政治 政策 数字 数据
    新征 新思 新聞 朗普 林鄭 比增 民主 沒有 港人 特朗 目标 社會 称打 立法 經濟 總統 经济 罗斯 自己 自由 華為 訂戶 貿易 重要 關係 關稅 际联 领新
"""
"""In every thirtieth and more."""

_KNOWN: Final = """
    access accord accoun acquir acquis act action added admini agency ago agreed agricu ahead aid air allow alread
    among amount analys annual anothe anti appeal appear approv area around asset athlet attack author availa
    averag award bankin based become believ best better bid big bigges bill board bond book boost bought broadc
    budget buy call called campai capita career case cash centra chairm chance change charge chief childr city
    claim close club coach commen commer commit commun compar compet comple concer confer confid confir conser
    consid consum contra conver corpor cost court create credit critic custom data date decisi declin defici demand
    depart design despit detail differ digita discus distri divide dollar domest drug due earlie early earnin
    effect eight electr employ ended energy engine estima eu euro even event execut export face fall fan fell
    figure file filed final fiscal follow food footba force foreca form former found fourth free full fund future
    gain gas giant give given global go going gold good grand great growth half head held help higher hit hold
    holdin hope hour howeve import improv inform initia injury instit interv job joint key larges late later latest
    launch law lead leader least left legal level life like likely line live loan local long look lost low lower
    mail major maker making man manufa many mark match media meet meetin member merger milita minute mobile money
    move movie much music name need needed negoti networ night nine nomina northe offeri old online order organi
    owned parlia part partne party past pay paymen percen perfor period person phone place play point police policy
    politi poor popula positi possib post power pre premie presen press previo prior privat proble procee proces
    projec propos protec provid purcha put radio raise real receiv recent reduce region regula reject releas remain
    repres requir resear reserv resour respon result retail return revenu rival role rose round rule run saying
    school screen season secret see seek seen sell senior serie seven shareh short side sign signed since single
    site softwa sold source specia spendi spokes sport stake standa star start statem step store strike strong
    subsid succes sugges supply suppor taking talk target team televi term test think third though threat title
    tonne took top total tour tradin trial unveil update use used user using value versio victor video vote want
    web websit well whethe within withou won work worker workin yester

    accide actuel admini adoles age agent agress aide alerte ami animat appel appele arme articl assemb assist
    attaqu attein attent aucun augmen aujour aupre aura auteur avocat avon baisse beauco bilan bon bureau cadre
    capita cela celebr celle celui ceux chaine chante chaque chiffr chinoi chose cinq circul citoye classe climat
    colere collec colleg commer compag conduc condui confir conseq consid consom consti constr contin contra cote
    couple cree critiq danger debut decede decide decouv defend defens deni deploi destin detenu deuxie devant
    devoil devrai diffic diplom discip dispos dix donne donnee dossie droit droite echang ecole ecrit effect effet
    electr elu elysee employ enchai engage enregi ensemb entend epidem equipe espagn etabli etrang etude eux eviter
    ex examen execut exempl face fait ferme festiv feu fevrie fil fille fiscal foncti frappe fraude garde gen
    gendar gilet guerre haut haute histoi hopita hospit hui idee identi image import incide infect initia instal
    interd intere interi invest jamai jaune journe lance laquel lettre libert lieu ligne livre mainte mairie maison
    majori mal maladi malgre marque masque mauvai medeci membre mere messag mettre midi millia minute mise mobili
    modele montre morato mouvem nice noir nom obliga octobr offici orange origin ouest ouvert parce parmi part
    partag partie partir passag passe passer patien patron pendan pere permet permi petit peu peuven plaint platea
    platef polemi popula port possib poste poursu pourta pouvoi prefec presse preven pri primai prise proble proche
    produc produi progra propo propri pu publiq quarti quatre quitte racism racont radio raison rapide rappel
    rassem reclam reform refuse relanc rencon repons report repres repris respec reste restri retour retrai retrou
    reunio revele rien rue russe salari salle scene second serait serie seront servic seule signal sociau somme
    sortie souhai soulig soupco source specia specta sport star sui suite sujet suspen syndic system techno teleph
    televi tensio tete total touche tour touris tourne trafic train transi traver trouve tue urgenc vague vehicu
    vente veut vienne vis visite voitur vote vue

    abgeor aktivi aktuel allerd alter altern amt angebo anschl antwor anwalt app armee asylwe aufnah ausgab auslan
    aussch ausser auto beamte befrag beispi bereic berufu bescha beschl besuch bevolk bezirk bildun botsch branch
    chance comput dabei damit debatt demokr derzei detail deutli dieser digita direkt diskus dokume dort drei
    dritte eigene energi entdec ergebn ermitt ex expert famili fast fayman fehler fernse festge film finale firmen
    folge folgen frauen funf funkti fussba gebaud genera gerate geruch gesamt gesell gesetz getote gewerk gewinn
    graz grenzu griech grossb grosst grund grunde grunen gruppe hacker haft hand haupts hause herbst herste hinwei
    hohe ihm ihrer indust inhalt initia ins insges instit integr intere interv jahres jetzt journa kamera kampf
    kampfe kandid kanzle kein keine kleine koalit kolleg kommen kommis kommt kommun konfli konkur konsum konzep
    kooper kopf kosten kranke krieg kritik kunden kunfti kunstl landta lebens linie losung mal manage manner marz
    mazedo meiste migran mindes mitgli mitte nachfo nacht nahe namen neuen ob oberos oberst offent orf platz polizi
    prei premie pro produk progra provin punkte quarta rebell recht red reform region reihe rolle russla schatz
    schlag schnel schrei schule schuss schutz schwed sehr seien seinem seinen seite serie sieg smartp softwa soldat
    sollen sollte sommer staate starke start steht stelle steuer stimme strass syrien team techno teilne terror
    thema themen titel tochte treffe turkei umwelt ungarn unsere urteil verbin verbre verfug vergle verhal verhan
    verkau verkeh veroff versuc vertra vertre viel viele vier vorjah waffen wahl wechse weihna wenige wer werde
    widers wissen wohnun wollen zeiten zentra ziel zuruck zweite zwisch

    activi afecta alcanz alguno alianz alta alto ambien ante apoyo aprend asocia atenci aun autori avanza ayudar
    baja bien cabo calida camara campan casa casi celebr celula centra ciento cifra cinco coment comenz compet
    compra conduc conexi confer confia conoce conoci consid constr consul conven cosa credit crisi critic cuatro
    cumpli debe deben decisi declar defens demand depart deport dio diseno dispon distri dolare educac ejempl ella
    ello embarg emplea encont entreg escala espaci espano espera establ estar evento evitar existe expert fabric
    fiscal fraude frente ganado garant gracia grande hacia hacien hecho hora hospit humano imagen impact inclus
    incluy increm inicia intera intere invers jovene julio junto labora ley lidere llamad llevar manten marca
    materi medici medico mientr mismo modern movile movimi mucha necesa nunca oficia opcion operac operad operat
    pacien pago pantal paso perfil period poblac poco podran posibl prepar preven pro proble profes propor proteg
    proyec prueba punto quiene quiere rapida real realid recibi recien reform regula repres respal respue revela
    revolu sea seguir sera serie signif sino socio tanto tarjet tecnic tema tenden tercer termin tienen tipo total
    transm transp tre uu va venezo venta ventaj victim vulner world

    aandac aandel aangeh aangek aantal actie afspra alleen ander appara auto autori basi begin begint beslui beste
    bestuu beter beur beurze blijkt blijve boven centra cijfer club column daardo daarna dagen deel defens denkt
    derde dochte doen doet donder druk duidel echt een eerst eigen einde elkaar eu even extra fabrik flink gaf
    gebeur geeft geld gemaak gespre gevolg geweld gezegd ging goed groei groots hadden heel houden houdt iet import
    index indust inmidd invest jaren journa juist juli kabine kan klante kleine komend kreeg lager lang langer
    later leven liggen ligt lijst lopen maakt maakte maart mag mannen media mee meeste mei meldde mijn min mobiel
    mogen nadat neemt net niet offici omzet ondank onderh onderw ontmoe ontwik onze oorlog openin opnieu organi
    overle partij persbu person plaats presen progra projec race red rente reserv result rond ruim ruimte samenw
    schip seizoe slecht snel sport staats stad stand start steeg stelt stevig stijge stond team telefo ten terug
    tijd time toch toe toekom toen twinti uitges vanaf vanuit vat verkla verkop verlie versie vier vijf voetba
    vooral voorbe voorma vorig vorige vrouw vrouwe waarin wedstr weet weg werk willen woensd won woning woordv
    zaterd zelf zes zet zetten zien zoal zorgen zwarte

    new ru time безопа бизнес ближаи больны большо версии ветер водите военны воздух возрас восемь воскре восток
    впервы второи выделя выздор выплат выполн выросл выходн выявле главны год города городс гражда два двух деиств
    дела дело департ депута деятел докуме должна должно должны дома дополн достиг доступ женщин жителе журнал
    заверш зависи задерж заключ законо закрыт замест замети занима западн запуск запуст зараже зафикс защитн защиты
    заявил заявле здоров идет издани им интерв интере интерн искусс исполн испыта истори источн июня карант китаис
    км кодекс коммен конкур концер летнии люди максим между междун менее меньше меропр место месяц метров миллио
    мира млрд момент наблюд над надежд назван называ напомн направ народн наруше нашли необхо нескол них нового
    новои новые новыи новых ночью нужно обеспе обрати общее общест объяви октябр онлаин опасно операт осадко основн
    ответи ответс отделе отказа открыт отноше очень первои первыи перед перехо период питани пишет площад пневмо
    погибш подпис пока полице полици получа получе пользо популя потреб почему появил правоо практи предло предос
    предсе предуп премье пример принят приобр причин провод прогно продаж продле продол продук проиде проход процен
    процес прошед прошло публик работы раза раиона раионе рамках раскры распол расход реализ ремонт речь своеи свои
    связан связи северо секрет сельск сети синопт сконча следст следую смогут снижен соверш совеща содерж создан
    соотве состои сохран социал соцсет среди ссылко стал стали стало станет стоимо столиц стране страни страны суд
    сущест считае техник течени традиц трансп тренер трех уголов улице умерли уровне услови успешн устано устрои
    уточня участк учрежд финанс фото футбол ходе центра цены часов четвер четыре чиновн числе число эконом экс
    эпидем этои юго являет

    ابن اثر اجتماع اخر اذ اشهر اعضاء اعلن اعلنت اكد الاثني الاحتف الاحد الاحمر الادار الاسبو الاستق الاطفا الافري
    الاقلي الامر الاورو البرلم البرنا البريط البلاد التحال التنمي الثاني الثقاف الجاري الجنسي الحالي الحفل الحياي
    الخميس الدراس الدستو الدفاع الدكتو الدوري الدين الروما السابع الساعي السلطا السني الشباب الشرقي الشعب الصحي
    العاصم العديد العموم العنف الفتري الفرنس الفني القادم القانو القطاع القياد الكبير اللجني اللقاء المالي المبار
    المتعل المجال المحكم المدني المدير المدين المستو المسوو المغار المكتب الملكي المنظم المهرج الموسس الموسم الوزار
    ام ايام ايضا بمناسب بنسبي بي تمكنت تنظيم ثلاثي جانب جديد جمعيي جهي حالي حفل حكم خاصي دراسي ذات سبق سعادته سعد
    شهر صاحب صالح صفوف ضد طريق عاما عدم عشر عمليي فريق فعاليا فقد قالت قام كبيري لان لدي لقاء لمدي ليس مباراي مثل
    مصادر مصر مقابل مكاتب مليار مما منظمي منها مواقع موقع نهايي واحد والتي وان واوضح واوضحت وجود وفق وكالي ولم يجب
    يكون يمكن يونيو

    不是 不會 中心 主义 举行 事件 交部 产品 人员 人大 人机 人權 亿元 什麼 代化 以来 以色 会议 保障 傳媒 內地 公布 军在 出口 出席 击乌 击俄 创新 制造 加强 务院 包括 協議 去年 双方 反對 台灣
    各地 和平 因為 国务 国防 國人 國國 國政 城市 基础 報告 大學 如果 委员 媒体 孟晚 安法 完成 官員 实施 实现 宣布 家安 对俄 對中 就是 工业 已經 市场 市民 希望 平同 引渡 当天 影響 总理 成為
    战略 技术 投资 报道 指出 接受 控制 措施 提供 提出 提升 改革 教育 文化 文章 斯坦 新时 方面 无人 日本 日称 时代 易戰 显示 晚舟 智能 月娥 月費 有關 服务 李强 條例 欧洲 欧盟 武器 水平 法律
    法會 特區 特首 现代 生产 生态 產品 疫情 發展 白宮 的一 的中 的人 目前 眾新 研究 社会 科技 管理 系统 组织 继续 绿色 美元 美方 美貿 習近 联合 联网 聲明 能源 色列 英国 行动 行政 被捕 袭击
    西方 要求 规模 記者 認為 談判 議員 记者 设施 費訂 质量 进攻 进行 這個 造业 選舉 鄭月 量发 问题 防部 高质
"""
"""In every hundredth and more; in languages of which less was counted, in every seventieth."""

_EVENTS: Final = """
    accide alleg arrest attack avalan award blast blaze bomb break burgla clash collap collid crash cyclon death
    derail disast drown earthq electi erupti evacua explos fatal fire flood forest gunman gunmen hacker heist hostag
    hurric injury jailed kidnap killed killin lands looter magnit murder outage outbre plane protes quake rescue
    resign riot robber shooti sinks stabbi storm strike suicid tornad tremor tsunam typhoo verdic volcan wildfi wounde

    accide agress attent avalan cyclon deces deraill electi explos fusill greve greves incend inonda meurtr naufra
    seisme tempet tremble

    anschl brand erdbeb explos explod feuer hochwa lawine mord sturm streik uberfa unfall unwett waldbr

    accide atenta explos huelga incend inunda murio sismo terrem tiroteo tormen tirote

    aanval aardbe brand explos moord ongelu overst schiet stakin storm

    авария аварии взрыв взрыва взрыве выборы дтп пожар пожара пожаре убийст убийств землет навод наводн ураган

    انفجار حريق حادث زلزال فيضان هجوم

    地震 火灾 火災 爆炸 洪水 台风 颱風 车祸 車禍 袭击 襲擊 选举 選舉
"""
"""What kind of event it is: the same kind happens in many places."""

_COUNTS: Final = ((_USUAL, 60), (_FREQUENT, 24), (_EVENTS, 24), (_KNOWN, 9))

BACKGROUND: Final = {word: count for block, count in reversed(_COUNTS) for word in block.split()}
"""Stories that hold the word, of the 20,000 that the index assumes to exist before the first."""
