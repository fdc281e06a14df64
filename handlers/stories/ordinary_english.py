"""Stems (`words.stem`) of English words that texts write in lower case, beyond those of `document_frequencies.py`."""

from typing import Final

STEMS: Final = frozenset(
    """
    abando abduct abolis abroad absenc absent absolu absorb abuse abused accele accomm accomp accrue accumu accura
    accusa accusi acid acknow acquis acre active actres adapt addres adequa admiss adopt adopte adopti adult advent
    advice adviso advoca affili afford afraid aged agenci agenda aggreg aggres agreei alarm alcoho alert alive
    allega allegi allie alloca allowa allowi alone alway ambiti amende amendm analys ang angry animal animat annive
    anonym antibo antici anxiet anxiou anyone anythi anywhe apart apolog app appare applie apply apprec approp
    approx arbitr aren argue argued arguin argume armed arrang arriva arrivi articl aside aspect assass assaul
    assert assess assign assume assump assura astron asylum atmosp attach attitu attorn attrib auctio audien audito
    auster automa autumn avoide await awaiti awarde aware awaren babie backgr backin backla backlo badly bag bail
    ball ballot barang barely bargai barley barrie basic basket batter battli beache bean bearin beauti beauty
    becaus bed bedroo beef beer begun behalf behavi belief belong belove benchm bet bidder biddin bigger bigges bike
    bilate bin bird birth birthd bit bizarr blame blamed bloc blocke blocki blog blood bodie bold bolste bombin bone
    bonu booked bookin boom boomin booste boosti border bosse bottle bottom bounce bound boycot boyfri bpd brain
    branch breach breakd breake breakt breast breath brief briefl brilli bringi broad broade broadl broke browse
    brutal bubble buffer built bulk bullet bullis buoyan burden burn burst bushel busy butter buyout cafe cake
    calcul calend callin calm cancer cannot capabi capabl captur carbon care carefu carry carryf carryi cartoo
    casino cast casual cat catast catch catchi cattle caught caused causin cautio ceilin cell centur cereal certif
    chair changi chao charac chargi charit chasin chat cheap cheape check chicke childh choose chosen cigare cinema
    circle circui circul circum citie citize civili claimi clarif clashe classr clause clean cleane cleani cleara
    cleare cleari clearl climat climbe clinic clip clock closel closer clothe cloud cluste coache coalit cocain coin
    coinci cold collab collat collea colour column combat comeba comedi comedy comfor commut compat compen compil
    compli comply compon compos compou compre compri compul concen concep conces condem confli confro confus consec
    consen consis consor conspi contac contem contes contex contri convin cool coordi cop cope copie copper copyri
    core corn corner correc corres costly cotton couldn counse count counti couple coupon course covera covere
    coveri crack crashe creato credib criter crop crosse crossi crowde crucia crushe cts cubic cultur cumula curb
    cure curtai curve custod cycle dad dairy damagi dampen danger dark daught deadli deadlo dealin dealt debtor
    decrea dedica deep deeply defaul deferr define degree delaye delayi delega delibe deligh denie denomi denyin
    deploy deport deposi deprec depres depth deregu desert deserv desire deskto desper destru detect deteri devalu
    devast devote diagno dictat dilute dinner dipped disadv disagr discha discip discon discov discri discus diseas
    disinf dismis disord dispos disrup distan distur div divert divorc doesn donate donati dormit doubt downgr
    downto downtu downwa dozen draft drain drama dramat drasti drawin drawn dream dress dresse drilli drink drinki
    driven driver drivin droppi drove dry dual dubbed dumped dumpin duo dutie duty dying earmar earn easier easily
    easy eat edge effici egg eighth elabor elderl electe elemen elevat eligib elite else elsewh email embarr embass
    embrac emergi emissi emotio emphas empty enable encoun endang enforc enhanc enjoy enjoye enjoyi enormo enroll
    ensuri enteri enthus entire entitl entry envoy episod equal equali equall equiva erupte escala escort essent
    ethnic eurobo evalua eventu everyb everyo everyt exact exactl exagge exam examin exampl exceed excell except
    excess excite exclus exempt exerci exhaus exhibi exist existe expans expend expens expira exploi explos expose
    exposu expres extens extent extern extrem fact fail failin fair fairly faith fake fallou false famou fantas fare
    farmin fashio fastes fat fatali fate father fault favora feasib feed feelin feet felt female fertil fierce
    fighte fill filled fillin filmed filter finali finall finger firmer fish fishin fit fitnes fix flag flat flatte
    flaw fleet flew flexib float floati flow flower flowin flu fluctu fly focuse focusi foot footag forcin forese
    forget forgot formed forthc fortni fortun foster fought framew franch freedo freeze freque fresh fricti frontl
    frozen fruit frustr fulfil fully fun functi fundam funded fundin funera furlou gadget gambli gang gap gasoli gay
    gear genero genuin gestur gift gilt girl girlfr glimps globe golf grade gradua grain grandm graphi grappl grave
    greatl grip gross grower grown guard guest guidan guide guidel guilde gun gym habit hailed hair hamper handed
    handfu handhe handin handle handli handse harass harder hardes hardwa harm harves hasn hate haven headed headin
    headqu hear hearin heat heavil hedge height hero hersel hidden hide highes highly hinted hire hittin hog hole
    holida hopefu horrif horror horse hosted hostil hot househ hub hugely humani hurtin husban ice icon iconic
    ignore ignori ill illnes illust imagin imbala immuni implem implic implie imposi imposs impres improp inadeq
    inappr incent incide incomi incorp incred incurr indeed indefi indire inevit infect inflam influe infras infrin
    inject injunc inmate innoce innova inside inspec instan instru insure insurg intell intens intera interc interf
    invite isang isn isolat issuan issuer issuin item jeopar jobles joinin jointl joy judgem judgme junior junk
    jurisd jury justif keen keepin kick kicked kickin kid killer kind kit kitche knee knew knife knock knocke knowle
    lab label labell lack laid landed landin landma landsc laptop largel larger latter lawmak lawsui lay leaked leap
    learn learne learni lease leavin lectur leg legall legend legiti lend lender lendin length lesson lettin liabil
    libel licens lie liftin likeli limiti linger linked lire listen listin litera litiga livest load loadin lobbyi
    locall locate locati lock lockdo locked log longes looked loom loopho love lowere loweri lowest loyal lucrat
    lung luxury lying magazi mainly mainst mainte maize male malici managi mandat manner mansio map margin marked
    markin marria marrie mask mass massiv matche mate mature maturi maximu maybe meal meanin meant meanti meanwh
    mechan medal medic medium memoir memora memory mental mentio mercha merge merged merit metal method metre mga
    microc microp midfie midnig midst migran mild mile milest mind mini minimu minori miscon mislea missed missil
    missio mistak mix modera modern modest modifi monopo mood mostly mother motion motiva motorc mounti mouth moveme
    mth multi multim multip mum musica musici mutual myself myster narrow native nature naviga nearby necess neck
    negati neighb nervou neutra newbor newly nice niece nil nomine none notabl notice notifi novel nursin object
    obliga oblige obstac obtain obviou occupi occur occurr odd offenc offend offens offset offsho oilsee oldest
    ongoin onto oppone ordere orderi ordina otherw ounce oursel ousted outcom outdoo outfit outflo outlin outrag
    outrig overco overlo overni oversh oversu overta overtu overwh owe owed pace pack packed page pain painfu paint
    panic parame parkin partia partly pass passag passed passin passio patent path patrol patter pause pave payabl
    peak peer pendin percei percep perfec perhap perman persis persua peso pet petiti phase phenom photog physic
    picked pickin pickup piece pionee pit pitch pitche placed placem placin plague planet plante planti plasti
    platfo plea plead pleade please plenty podcas pointe poised polled pool poores pop pork portab portfo portio
    portra pose posses poster postin postpo pound povert powerf praise precau preced precio precis pregna premat
    premiu prescr preser pressi presti presum pretax pretty prevai pricin print printe priori privac probe proced
    proces prolon promin promis proof prop protei protes protoc prove proved proven provis provok psycho publis pull
    pulled pullin punish pupil purpos pursue pursui pushe pushed pushin puttin qualit quanti quaran queue quick
    quickl quiet quietl quite quot quota quote quoted racial racism radar radica raid rail rallie rally ramp ran
    rand rangin rank ranked rankin rape rapid rapidl rapper rare rarely ratifi ratio ration raw reachi react reacte
    reacti reader readin reaffi realis realit reasse reassu rebate rebel reboun rebuil recapi receip recept recess
    recipe recipi recons recrea recrui recycl redeem redemp redund referr refina refini refuge refund regain regard
    regime regret reinfo reinst reiter relaxe relaxi releas relied relief reliev religi reloca reluct rely remdes
    rememb remind remote remova renego renew renewa renewe renown rent rental reorga repaid repair repay repaym
    repeat replie reply repres repurc reputa reques resche reside resolu resolv resort restar restat restor restra
    restri resump resurg retain retali rethin retrea reunit revamp revisi reviva revive revolv reward rich ride rig
    ring ripped risky robot robust rocket rolled rollin room root roughl route routin royalt rumour rural rush
    rushed sacked safe safegu safely safety salary salon sample satell satisf scale scan scope scramb scrapp scream
    scruti seal sectio seeker seemed seemin segmen seize seized self seller semi send sendin sense sensit senten
    sentim seriou servan serve served servin sessio setbac settin sevent severe shadow shape shared sharin sharp
    sharpl shed sheet shelf shelve shield shift shifti shipme shippe shock shocke shocki shoe shoot shoppe shoppi
    shore shorta shorte shortf shortl showca shower sick sideli sight signal signin silenc silver simple simply
    simult singin sister sit sittin sixth skill skin slamme slash slashe slaugh slide slippe slowdo slowed slower
    slowin slowly sluggi smart smooth smuggl snap soarin soccer soft sole solid soluti solve someon someth someti
    somewh sooner sophis sorry sort sought sound sovere soybea spamme spare spark sparke spat speak specie specif
    specta spell spike spin spirit spoke spoken spokes sponso sporti spotli spotte spread squeez stabbe stabil
    stable staffe staged stagge stagna stalle stamp stance starre starri stated statu statue statut stayed stayin
    steadi steady steal steam steep stem steppe sterli stick sticki stiff stimul stockh stole stood stoppe storag
    storie strain strang streak stress stretc strict striki stripp stroke struct stuck studen studyi stunne stunni
    subcom submit subord subscr subseq substi suburb succes sudden sued suffic sugar sugges suing suit suitab sum
    summit superc superv supple suppos suppre sure surfac surger surgin surpas surrou survei surviv suspic sustai
    swap sweepi sweet swept swimmi swing switch symbol sympat sympto syndro table tackli tactic takeaw talent talked
    tally tank tap tape task taste taxpay tea teachi teen teenag tellin temper tempor tend tensio tentat territ
    tested testif testim testin text textil thank theft theme themse theory therap therea theref thin thinki threw
    thrill throw throwi thrown thu thwart tied tight tighte tiny tip tipped tobacc tolera toll tone topic topped
    totale totali touch toughe touris tourna toy trace tracin tracki traded tradem traffi traged trail traine tranch
    transi transl transm trauma treat treate treati treatm tree tremen trend tribut trick trigge trim trio triple
    triump troop true truste truth tune turnar turnin turnov tweet twice twin type typica unable unacce unanim
    uncert unchan unclea uncove underg underl underm underp undert undisc unempl unexpe unfair unhapp uniden unifor
    unique unity unknow unname unprec unsecu unspec unsucc unusua upcomi upgrad upon upset upside upward urban
    urgent useful usual usuall utilit vaccin valuab valued vanish variab variet variou vast vegeta vehicl vendor
    ventil venue versu viewed viewer viewin villag violat viral viruse visa visibl vision visite visiti visito
    visual vital voice voiced volati volume vow vulner wage wait waitin wake walk walked walkin wantin warm warran
    wasn waste watche watchi wave weak weaken weaker weakne wealth weapon wear wearin weddin weigh weight wet whatev
    wheat wherea whistl wholly wide widene widesp wife wild wildli willin wind wine winter wire wish withho witnes
    wonder word worked workou workpl worm worry worryi worse worsen worst wouldn wound write writed writin wrote
    yard younge yourse yuan zero zinc zone
    """.split()
)
