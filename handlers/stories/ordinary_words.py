"""Words of news headlines that are no names, for headlines in which capitals do not distinguish names from other words.

They supplement the frequent words of `document_frequencies.py`. All words are normalized (`words.normalize_letters`).
"""

from typing import Final

WORDS: Final = frozenset(
    """
    airline airlines airport apartment army arson audit bakery bankrupt bankruptcy barge bishop blacklist blacklists
    blackout boat bomber brake brakes brewery bridge bus bush cargo carmaker cathedral ceases ceo cfo chain chairman
    chapel chef chemist chemicals child church clerk closure clothing cloth coal coast college collide convicted
    corruption county cow crane creditor creditors crew cruise damning dam deadly debris deforestation depot
    derailment destroy detained dies diplomat distillery diver dock dockers dog doctors drone drought dumps dyke
    eastern embezzlement engulfs escape escaped escapes evacuate evacuated explode explosion explosive factory
    farmer fatal ferry fined firefighter firefighters fires fled flee flees flooded flooding foundry fraudster
    freight furniture garage garment glass goldmine grid grocer grounds guilty gutted hackers hail hall halts
    harbour harbor headmaster heatwave helicopter highway hikers homes hospital hotels hundreds hunger hurt
    icebreaker indicted inferno insolvency insolvent island jeweller jet kills laboratory lake landlord landslide
    layoffs leak leaks leather liquidation liner lorry mall maker malware mayor meat medicine memorial mill milk
    mine miners mobster monastery mosque motorway mud mudslide museum nightclub northern nurse nursery nurseries
    oilfield orchard orphanage outlet overhaul painter parish passenger passengers pastor patients pharmacy phishing
    pier pilot pipeline pirates plaza plot plummets plunge poison poisoning police pollution pond port priest
    prosecutor protest protesters pub pump quarry quake railway railroad rain ransomware ravages recall recalls
    receivership refinery rescuers resignation resigns restaurant retailer river road rocked rockfall rocks roof
    ruin salvage sawmill scam schoolbus scrapyard seaside shakes shelter shipyard shipping shipwreck shooting
    shooter shop shops shutdown shuttered smelter smoke snow snowstorm soldier southern spill spree stabbing
    stampede steelworks stranded strikes stolen submarine sunk supermarket swamped swamps tanker teacher tearing
    tears temple theatre thief thieves thousands timber tornado tower toxic tracks tram tremor truck tunnel twister
    university unrest vessel vineyard violence volcano volunteers warehouse watchdog well western wildfire wood
    woodland workers workforce wrecks yacht zoo chapter chief avalanche skier skiers lawsuit sued ravine plunges
    gulf steel steelmaker treasury goes moving motor motors oil injuries collapses collapse ransacked rams cuts
    struck hits hit sinks sank missing found feared buried trapped homeless damaged damage destroyed insolvencies
    widow baby abattus abris accident accidents arretee aeroport attentat autoroute avion barrage bateau blesses
    blessee blessees boulangerie boutique brasserie camion canicule centaines chantier chimique chomage coulee crue
    crues cyberattaque deces demission demissionne deraille detruit detruite disparu disparus eboulement eglise
    entrepot evacuation evacues faillite fermeture feux foret gare glissement hopital incendie incendies inondation
    inondations inonde licenciements lycee magasin milliers naufrage navire noye noyade obseques orage orages
    ouragan pecheur plusieurs pompiers pont redressement seisme secousse tempete tornade tuee tues usine volcan
    secoue frappe touche ravage almacen apunalado avalancha avioneta barco bombero bomberos bosque carretera
    centenares cientos corrimiento derrumbe descarrila desalojados despide despidos embalse evacuadas evacuados
    evacuan fabrica fallecen fallece fallecidos ferroviario heridos huracan incendio incendios insolvencia
    inundacion inundaciones lluvias mercancias muertos muerta naufragio nave niebla presa puente quiebra rio seismo
    sequia sismo temblor tienda tormenta tren victimas
    """.split()
)
"""Words in Latin script, mostly for accidents, crimes, business and buildings."""

GERMAN: Final = frozenset(
    """
    abgeordneten abkommen absicht abstand affare aktie aktien alarm alltag alter amtsgericht andrang angebot
    angeklagte angreifer angriffe anhanger anklage ankunft anleger anliegen annahme anreiz anschlag anteil antrag
    antworten anwalte anwohner arbeiter areal arger armee armut artikel attacke aufstieg auftrag auge augen ausbau
    ausloser auswahl autofahrer baby bahn bahnhof ball bank beben bedenken begriff behorde behorden beine beitrag
    belegschaft bergung bergwerk beschluss beschwerden besitzer bestechung besuch betrug bewohner bier bild boden
    bombe boot borse branche brandstiftung brauerei bremse bremsen brief brucke bruder buch buhne bund bundesamt
    bundestag bundeswehr buro bus chaos chemiefabrik cyberangriff dach dame damen damm daten debatte deich demo
    demokraten demokratie demonstranten diebstahl diskussion dorf drohne drohnen duell durchschnitt durre effekt
    ehefrau ehre einbrecher eindruck einkommen eltern endspiel entwurf erde ergebnis ermittler ermittlungen ernte
    evakuierung existenz fabrik fahre fahrt falle familie favoriten feld festnahme feuerwehr filiale filialen finger
    firma flammen fleisch flucht flughafen fokus folge foto frachter frau frauen freispruch frieden friedhof fund
    furcht fussball gas gasleck gastgeber gasthof gedanken gefahr gefangnis gefuhl gegensatz gegner geisel geiseln
    geiselnahme gelande geld geldwasche gerat gericht geschehen getreide gewinne gewitter gipfel glatteis glauben
    glaubiger griff grippe grossbrand grossfeuer grube grundlage gruppe hacker hafen haft halfte hande handler haus
    hauser haushalt heer heim helfer herkunft hersteller hilfe himmel hitze hohepunkt hotel hubschrauber hunderte
    hurrikan idee impfung inflation inhaber insel insolvenz insolvenzverwalter investor investoren islam jugendliche
    jugendlichen junge justiz kamera kammer kampagne kampf kanal kandidaten kandidatur kanzler kapitan kartellamt
    kathedrale kaufhaus kern kette kind kinder kirche kita klage klassiker klima klimawandel klinik koalition kohle
    kollaps kollision kommissar kommunisten kompromiss konflikt kongress konjunktur konto kontrolle kopf korper
    korruption krankenhaus kreis kreuzfahrtschiff krieg krise kunden kundigung kunst kurs kuste kustenwache lage
    lager lagerhalle landtag lauf lebensmittel lehre leiche leiter leitzins lied liga lkw lohn lohne lok lokal
    loscharbeiten lucke luft mandat mangel mann manner marke massaker masse massenkarambolage mauer messer mieter
    migranten milch ministerium minus mord morder moschee motto muhe museum mutter mythos nachmittag natur nebel
    nerven netz netzagentur netzwerk neuwahl norden notlandung nutzen offensive opfer opposition orkan panik panzer
    papier park passagiere pause pfarrer phase pilot planeten plattform pleite pleiten polizisten praxis preis
    preise prinzip produkte prozess punkt quote rahmen rakete raketen rande rathaus raub rauber rauch raum raumung
    razzia rede reform regel regen reihe reihen reise rekord rente republik republikaner rettung rettungsdienst
    rettungskrafte rezession richter roboter rolle roman rucken ruckkehr ruckruf ruckstand rucktritt runde sache
    sanierung satellit schaden schatten schauspieler scheitern schicksal schiff schlag schliessung schnee schnitt
    schreiben schulden schuldner schule schuler schuss schusse schutze schweinepest sekunde sender seuche sicherheit
    sinn sohn soldaten sommer sonne sparkasse sperrung spionage spital spitze spur spuren stadion stadte stahl
    stahlkocher standort status stau stellen stellenabbau stellungnahme steuer steuern stichwahl stillstand stimme
    stimmen strang strasse strassen strecke streit streitkrafte strom stromausfall stromnetz stuck studium stunden
    suche suden sudosten supermarkt tabelle taifun tanker tarif tarifstreit tater tatort tatsache taucher tausende
    tempo terror terrorist text theater tiere tisch tochter tore tornado tote toter totschlag treffen trend trummer
    tunnel turnier uberblick uberleben ubernahme uberschwemmung uberschwemmungen ubung umfrage umgang umsatz
    umstande umwelt universitat unterkunfte unterlagen urlaub vater verbot vereine vergleich verhaftung verhaltnis
    verkauf verletzte verluste vermisste vermogen vertreter verzicht vielfalt virus vogelgrippe vorfall vorganger
    vorgehen vorhaben vorlage vorschlag vorschlage vorsitzende vorwurf vulkan vulkanausbruch wachstum waffen
    waffenruhe wahl wahlen wahlkampf wahnsinn wald wand warnstreik wasser wein weizen welle welt werft werk werke
    wert werte westen wettbewerb wetter wind windpark winter wohnhaus wunder zahlungsunfahigkeit zaun zeichen
    zeitpunkt zeitraum zelt zentrum ziel zinsen zoo zucker zufall zug zuge zugriff zuschauer zuschlag zweifel
    joghurt keller scheune stall bauernhof wohnungen wohnung schlucht klippe see fluss ufer quelle brunnen regierung
    regierungschef diplomaten diplomat botschaft botschafter quartal halbjahr jahresende ertrag dividende aktionare
    anteile beteiligung fusion borsengang spediteur spedition logistiker reeder textil mode schuhe kleidung mobel
    spielzeug arzneimittel medikamente pharma klinikum arztin pflegeheim altenheim kindergarten internat gymnasium
    hochschule bibliothek konzert festival weihnachtsmarkt volksfest zirkus tiger wolf wolfe bar hund hunde katze
    pferd pferde kuh kuhe schweine gefluge huhner biene bienen fisch fische muscheln badeunfall schwimmbad freibad
    strand kuhlturm kernkraftwerk atomkraftwerk kohlekraftwerk raffinerie pipeline bohrinsel tanklaster gefahrgut
    giftgas chlor ammoniak asbest landrat oberburgermeister stadtrat gemeinderat innenminister aussenminister
    finanzminister verteidigungsminister justizminister staatsanwalt staatsanwaltschaft verfassungsgericht
    bundesgericht kronzeuge zeuge zeugen geschworene indizien beweise ausbrecher haftling haftlinge geiselnehmer
    entfuhrer entfuhrung losegeld
    """.split()
)
"""German nouns, which begin with a capital as names do. A compound that ends in one of them is no name either."""

GERMAN_ENDINGS: Final = tuple(
    """
    ung ungen heit heiten keit keiten schaft schaften tion tionen tat taten ismus ment mente zeug zeuge unfall
    unfalle ungluck unglucke angriff angriffe attacke brand brande feuer bruch bruche flut fluten beben sturm sturme
    werk werke wehr gericht gerichte firma firmen konzern konzerne hersteller lieferer grosshandler einzelhandler
    maschinenbauer autobauer flugzeugbauer betreiber anbieter macher kette ketten hallen brauerei backerei druckerei
    giesserei molkerei reederei fabrik fabriken betrieb betriebe unternehmen gesellschaft bank banken kassen verein
    verband amt amter behorde ministerium minister ministerin prasident prasidentin chef chefin vorstand verwalter
    antrag verfahren plan plane gesetz gesetze urteil strafe strafen busse klage klagen streik streiks stopp abbau
    ausfall ausfalle ausbruch einsturz absturz rutsch alarm warnung gefahr hochwasser schiff schiffe boot boote zug
    zuge bahn bahnen bus auto autos wagen flugzeug preis preise kosten zahl zahlen leute mitarbeiter arbeiter beamte
    beamter fahrer schuler lehrer arzt arzte patienten opfer tater tote verletzte stelle stellen jobs nacht woche
    wochen jahr jahre stunden euro millionen milliarden prozent sanktionen zoll zolle verbot verbote aussenhandel
    vertrag geschaft gewinn verlust umsatz krankenhaus kaufhaus wohnhaus supermarkt arbeitsmarkt fussgangerzone
    """.split()
)
"""Endings of German compounds and derivations that are no names."""

ARABIC: Final = frozenset(
    """
    اتفاق اتهام اجلاء اجتماع احتجاج احتجاز اختراق اختطاف ادراج ازمه ازمي اسعار اسهم اصابي اضراب اطلاق اعتقال اعصار
    اعلان اعمال اغلاق افتتاح افلاس اقاله اقالي الاف الغاء امطار امن انهيار انتحاري انتخاب انتشال انخفاض انسحاب
    انفجار انقاذ انقطاع انزلاق ايقاف اندلاع اعاد بحث بحري بدء بدات بركان برلمان بضاءع بعد بلدي بلديي بناء بنك بيان
    تاجيل تحذير تحطم تحقيق تدمير تراجع تسرب تسريح تسرح تستغني تشريد تصادم تصفيي تعلن تعيين تغرق تفجير تفرض تقرير
    تلغي تهز تهديد توافق توقف توقيف ثوران جراء جرحي جريح جسر جنوب جيش حادث حافلي حاكم حريق حصار حكم حكومي حمل حمولي
    خساءر خسارة خساير دراسي درجي دفاع دولي ديون رجال رءيس رييس رصاص رفض ركاب زلزال زيادة سجن سد سرقي سعر سفيني سقوط
    سكان سكيي سلطات سوق سيارة سيول شاحني شخص شخصين شرطي شرق شركي شمال صادرات صاروخ صحيي صفقي ضابط ضبط ضحايا ضحيي ضرب
    ضربي ضريبي طاءري طايري طالب طريق طفل عاجل عاصفي عاصمي عامل عدوي عقوبات عمال عمليي عنف غارة غارق غرامي غرب غرق
    فتح فتحت فقدان فيضان فيضانات قاتل قاضي قبالي قتلي قتيل قتيلان قرب قصف قضيي قطار قوات قوي كارثي كبير كشف كهرباء
    لجني مبني مجلس محافظ محافظي محطي محكمي مدارس مدرسي مدير مدينة مديني مزرعي مستشفي مستودع مسلح مسلحون مصاب مصابين
    مصرع مصرف مصفاة مصنع مطار مظاهري معبر معدل مفقود مقتل مقتلي ملايين مليار مليون منجم منزل منطقي مناجم مهاجر
    مهاجرين مهرجان موازني مواطن موافقي موت موظف ميءات مءات ميات ميناء ناقلي نفط نفطيي نايب نحو نزوح نقل هاتف هبوط
    هجوم هزة هيءي هييي وزارة وزير وفاة وفد وقف وكالي يدمر يضرب يعلن يغلق يقدم يهز يودي يقتل استقالي استحواذ اسرة
    امريكيي سواحل ساحل سفن مفلس صغيرة صغيري صغير جديد نار النار كبيرة كبيري عشرات عشر الف مبلغ دولار يوم ليل امس غدا
    عام شهر اسبوع قبل خلال بسبب نتيجي علي باتجاه جزءي جزيي مجموعي منشاة خط انابيب حدود قاعدة موقع مركز معمل مخزن
    متجر فندق سفارة قنصليي جامعي كليي مسجد كنيسي طرد تطرد يطرد دبلوماسي دبلوماسيين متاجر انتاج ارباح ربع ثالث ثاني
    اول رابع الكتروني الكترونيي مجددا منصب منصبه يقال اقتحام محاصر محاصرون تغريم تلاعب حصيلي سكاني منشا ورشي مجمع حي
    قريي بلدة شارع ساحي حديقي نهر بحيري جبل وادي صحراء شاطي جزيري بحر موج ثلوج امواج حراري برد جفاف مياه كهربا غاز
    وقود خبز قمح دواء لقاح فيروس وباء مرض اصابات مريض طبيب ممرض معلم اساتذة طلاب مظاهرات متظاهرون محتجون عمالي نقابي
    اجور رواتب ضرايب رسوم جمركيي تضخم فايدة بورصي سندات ذهب عملي صرف ميزانيي عجز نمو ركود بطالي استثمار مشروع عقد
    شراكي تعاون مفاوضات محادثات قمي زيارة لقاء مبعوث سفير قنصل تاشيري لاجي لاجيين هدني غارات مسيري مسيرات دبابي جندي
    جنود ميليشيا خليي تنظيم رهينة رهاين خطف اغتيال محاولي انقلاب طواري حظر تجول اعدام سجين سجناء عفو براءة استءناف
    طعن محامي شاهد ادلي فساد رشوة غسل احتيال تهريب مخدرات سلاح اسلحي ذخيري
    """.split()
)
"""Arabic words without prefix, as they are normalized."""

HEBREW: Final = frozenset(
    """
    אחרי אישום אישר אלפי אמר אסון אש באזור בית בגין בעקבות בקשה בתי גבר גדולה גדול גשם דולר דליקה דרך הגישה הגיש
    הודיע הודיעה הושבת המשטרה הצפה הרוגים הרוג התפטר התפטרה התפטרות וירוס חברה חברת חולים חשד חשוד טיל טילים ירי ילד
    ילדים כביש כבאות כלא כנסת לאחר לוחמי מאות מבנה מבצע מחבל מחיר מחסן מטוס מטען מיליון מליון מכתב מנכל מניות מנהל
    מס מעצר מפעל מפונים מרכז משטרה משרד נהרג נהרגו נהג נמל נסגר נעצר נעצרו נפגעו נפצע נפצעו סגירת סופה ספינה עובדים
    עיריית עיר עצור עשרות פוטרו פונו פיגוע פיטורי פיצוץ פצועים פצוע פרצה פרץ פשיטת פשטה קריסה קרסה קבוצת קניון ראש
    ראשי רגל רחפן רכבת רעידת אדמה שביתה שוד שוטר שוטרים שופט שיטפון שיטפונות שריפה שר שרת תאונה תאונת תובע תושבים
    תלמיד תקיפה תקף תחנת
    """.split()
)
"""Hebrew words, most of them without prefix."""

HINDI: Final = frozenset(
    """
    अदालत अधिकारी अमेरिका अर्जी अलर्ट अस्पताल आग आतंकी आदेश आरोप आरोपी इस्तीफा उड़ान ऐलान और कंपनी कई कर कर्मचारी का
    कार कारखाने की के को कोर्ट खाई गए गई गया गिरफ्तार गिरा गिरी गोदाम गोली घायल घोषणा घोषित चक्रवात चुनाव चोरी छापा
    जवान जांच जाम ट्रक ट्रेन डूबी डूबे तीन तूफान दर्ज दिए दिया दिवालिया दी दुकान दुर्घटना दो धमाका नदी नाव ने नौकरी
    पटरी पर पांच पुल पुलिस प्रतिबंध फैक्ट्री फैक्टरी बंद बंदरगाह बचाव बजट बम बस बांध बाढ़ बाद बारिश बिजली बैंक भारी
    भीषण भूकंप भूस्खलन मंजूरी मंत्री मकान मजदूर मरीज महापौर मामला में मेयर मौत मौतें यात्री रुपये रेल लगाई लगाए लगी
    लाख लापता लाश लूट लोग लोगों विमान विस्फोट शहर शेयर सड़क समेत सरकार सुरक्षित से सेना सैकड़ों स्कूल हजारों हत्या
    हमला हवाई हादसा हुआ हुई हुए होने होटल छंटनी अधिग्रहण निकाले निकाला चार दर्जन छह घर घरों ढहा इमारत साल लेकर तक
    नहीं है हैं था थे एक भी
    """.split()
)
"""Hindi words. They are compared after normalization."""
