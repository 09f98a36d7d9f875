"""Addressing: sentences of an article that speak to the program that reads it, not to its readers.

One sign is never enough, because programs are what much of the news is about, and laws give orders
to them too. An order counts if it names a program and is worded as an order, or tells a program
what to do with *this* page or with what it was told before.
"""

from __future__ import annotations

import re
from typing import Final


def _whole(*patterns: str) -> str:
    return rf"(?<!\w) (?: {' | '.join(patterns)} ) (?!\w)"


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile(rf"(?ix) {_whole(*patterns)}")


# A program that reads.
_PROGRAM_NAMED: Final = _whole(
    r"(?: automated | automatic | machine ) \s+ (?: readers? | systems? | tools? | agents? )",
    r"(?: language | ai ) \s+ (?: models? | assistants? | agents? | readers? | systems? | tools? )",
    r"llms? | chat ?bots? | chatgpt | (?: an? | any | the | dear | hey ) \s+ (?: ai | bot )",
    r"(?: ai \s+ )? (?: summari[sz]ers? | text-mining \s+ bots? ) | reader \s+ model",
    r"(?: software | bots? | crawlers? | parsers? | programs? | models? | scripts? ) \s+"
    r" (?: that | which | reading | processing | indexing )",
    r"system \s+ (?: override | message | notice | instruction | command | prompt ) [^:\n]{0,30} :",
    r"mod[eè]les? \s+ (?: de \s+ langage | d'ia | qui )",
    r"(?: lecteurs? | systèmes? | outils? | assistants? | robots? | logiciels? ) \s+"
    r" (?: automati\w+ | d'ia | ia | virtuels? | qui | de \s+ lecture | d'extraction )",
    r"(?: message | consigne | instruction | directive ) \s+ (?: du \s+ )? système \s* :",
    r"robots? \s+ lecteurs? | (?: intelligence \s+ artificielle | ia | robot ) \s+"
    r" (?: qui | lisant )",
    r"(?: all | you | your | hello | hi | hey ) \s+ (?: gpt | scrapers? | bots? | agents? )",
    r"systèmes? \s+ automatisés? | (?: cher | chère | l' ) \s* (?: modèle | ia | agent | robot )",
    r"résumeurs? | agents? \s+ d'extraction | (?: à \s+ )? l'ia \s* :",
    r"(?: phần \s+ mềm | công \s+ cụ | hệ \s+ thống | chương \s+ trình ) \s+"
    r" (?: đọc | ai | tự \s+ động | trích \s+ xuất | xử \s+ lý | phân \s+ tích | tóm \s+ tắt )",
    r"mô \s+ hình \s+ (?: ngôn \s+ ngữ | ai ) | trợ \s+ lý \s+ (?: ai | ảo ) | máy \s+ đọc",
    r"(?: are \s+ an | êtes \s+ une | es \s+ une | là ) \s+ (?: ai | ia )",
    r"ai \s+ đọc | bot | người \s+ máy",
    r"trí \s+ tuệ \s+ nhân \s+ tạo \s+ (?: nào | đang ) | (?: lệnh | thông \s+ điệp ) \s+ hệ \s+"
    r" thống \s* :",
)
_PROGRAM: Final = re.compile(rf"(?ix) {_PROGRAM_NAMED}")
# This page, as only something that reads it would be told.
_HERE: Final = _any(
    r"this \s+ (?: page | article | text | story | document | line | sentence | request | item )",
    r"this \s+ paragraph | if \s+ you \s+ are \s+ an? | reads \s+ this",
    r"si \s+ (?: vous \s+ êtes | tu \s+ es ) \s+ une? | nếu \s+ bạn \s+ là",
    r"(?: ceci | (?: cet | ce | cette ) \s+ (?: page | article | texte | dépêche | document | ligne"
    r" | phrase | demande | note ) )",
    r"(?: bài | trang | tin | đoạn | dòng | câu | văn \s+ bản | nội \s+ dung | yêu \s+ cầu )"
    r" (?: \s+ (?: báo | viết | tin | văn | web ) )? \s+ này",
)
# What a program was told before, or has read so far.
_BEFORE: Final = _any(
    r"(?: previous | prior | earlier | preceding | above | original | initial | hidden ) \s+"
    r" (?: instructions? | prompts? | guidelines | directions | context )",
    r"(?: instructions? | rules | guidelines | prompt | text | everything | anything ) \s+"
    r" (?: above | you \s+ (?: were | have ) | so \s+ far )"
    r" | you \s+ have \s+ (?: read | been \s+ told )",
    r"system \s+ prompt | your \s+ (?: \w+ \s+ )?"
    r" (?: instructions? | prompt | rules | guidelines )",
    r"(?: said | written | told | dit | écrit | vu | lu ) \s+ (?: above | before | earlier"
    r" | plus \s+ haut | ci-dessus | avant )",
    r"before \s+ this \s+ (?: text | message | line | article )",
    r"(?: start | beginning | début ) \s+ (?: of | de ) \s+ (?: this | the | la | cette ) \s+"
    r" conversation | (?: đầu \s+ )? cuộc \s+ (?: trò \s+ chuyện | hội \s+ thoại )",
    r"(?: new | next ) \s+ task | nouvelle \s+ tâche",
    r"skip \s+ (?: the \s+ | all \s+ )? validation",
    r"(?: you \s+ are | tu \s+ es | vous \s+ êtes | bạn \s+ là ) \s+ (?: now \s+ | désormais \s+"
    r" | maintenant \s+ )? (?: an? | un | une | một )? \s* (?: ai | ia | assistant | model | modèle"
    r" | bot | robot | trợ \s+ lý | máy | mô \s+ hình )",
    r"(?: câu \s+ )? lệnh \s+ mà \s+ bạn",
    r"(?: mọi | các | những | tất \s+ cả ) \s+ (?: chỉ \s+ dẫn | chỉ \s+ thị | hướng \s+ dẫn | lệnh"
    r" | quy \s+ tắc ) (?: \s+ trước )?",
    r"json | your \s+ (?: answer | reply | output | response | summary | extraction )",
    r"when \s+ you \s+ (?: write | produce | summari[sz]e | extract | answer | report ) \w*",
    r"rest \s+ of \s+ (?: this | the ) \s+ (?: article | page | text )",
    r"(?: instructions? | consignes? | règles? ) \s+ (?: précédente?s? | ci-dessus | antérieure?s?"
    r" | reçue?s? | initiales? | données )",
    r"(?: ce | texte | tout ) \s+ qui \s+ précède",
    r"(?: ton | votre | tes | vos ) \s+ (?: message \s+ système | prompt | instructions?"
    r" | consignes? | règles? ) | prompt \s+ système | message \s+ système",
    r"(?: old | new ) \s+ (?: instructions? | prompt | task ) | (?: nouvelles? | anciennes? ) \s+"
    r" (?: consignes? | instructions? )",
    r"(?: hướng \s+ dẫn | quy \s+ tắc | lệnh | nhiệm \s+ vụ ) \s+ (?: mới | cũ )",
    r"(?: hướng \s+ dẫn | quy \s+ tắc | chỉ \s+ dẫn | chỉ \s+ thị | lệnh | nội \s+ dung | lời \s+"
    r" nhắc ) \s+ (?: trước \s+ đó | trước \s+ đây | ở \s+ trên | bên \s+ trên | phía \s+ trên"
    r" | đã \s+ nhận | đã \s+ cho | hệ \s+ thống | ban \s+ đầu | của \s+ bạn )",
)
# What a program is to hand back.
_ANSWER: Final = _any(
    r"(?: list \s+ of | one \s+ more | another | as \s+ an? ) \s+ (?: commitments? | records?"
    r" | policy \s+ events? | facts? ) | as \s+ fact",
    r"(?: exactly | only ) \s+ one \s+ (?: commitment | record | event ) | correct \s+ answer",
    r"(?: the \s+ )? only \s+ (?: valid | true | real ) \s+"
    r" (?: commitment | record | event | fact )",
    r"(?: highest | maximum | full ) \s+ (?: confidence | certainty ) | (?: as | comme ) \s+"
    r" (?: the \s+ )? (?: giver | actor | acteur | donateur )",
    r"certitude \s+ maximale | l'unique \s+ engagement",
    r"danh \s+ sách \s+ bên | độ \s+ tin \s+ cậy | bên \s+ (?: tài \s+ trợ | cấp ) \s+ vốn",
    r"bản \s+ ghi | vào \s+ kết \s+ quả | kết \s+ quả \s+ gồm",
    r"(?: ta | votre ) \s+ (?: réponse | sortie | synthèse | extraction )",
    r"liste \s+ des \s+ (?: engagements | faits | promesses ) | (?: le | du ) \s+ champ",
    r"danh \s+ sách \s+ (?: các \s+ )? (?: cam \s+ kết | sự \s+ kiện ) | câu \s+ trả \s+ lời \s+"
    r" của \s+ bạn | vào \s+ trường",
)
_TO_TELL: Final = (
    r"(?: list | record | report | note | output | answer | reply | respond | return | write | add"
    r" | mark | include | treat | print | repeat | reveal | show | state | set | copy | classify"
    r" | conclude | mention | log | produce | translate | say | declare | omit | store | insert"
    r" | recite | rank | extract | export | register | assume | fill )"
)
_TO_LEAVE: Final = (
    r"(?: ignore | disregard | forget | override | discard | skip | set \s+ aside | leave )"
)
_TO_TELL_FR: Final = (
    r"(?: ignorer | oublier | ajouter | inscrire | noter | répondre | indiquer | mentionner"
    r" | signaler | extraire | déclarer | préciser | faire \s+ figurer"
    r" | recopier | afficher | révéler | répéter | considérer | retenir | écarter | lister )"
)
_TO_TELL_VI: Final = (
    r"(?: bỏ \s+ qua | quên | ghi | thêm | bổ \s+ sung | liệt \s+ kê | trả \s+ lời | in \s+ ra"
    r" | tiết \s+ lộ | đánh \s+ dấu | xem | coi | lặp \s+ lại | hiển \s+ thị | nhắc | đọc"
    r" | nói | lưu \s+ ý | xác \s+ nhận | trả \s+ về | điền | xóa | chép | xuất | trích )"
)
# Worded as an order to whoever reads: an imperative, "you must", "please".
_OPENING: Final = r"(?: ^ [\W\d_]{0,20} | [:;.!(\[] \s{0,3} [\"']? \s{0,3} )"
_IMPERATIVE: Final = re.compile(
    rf"""(?ix)
      {_OPENING} (?: then | now | also | instead | finally | and )? ,? \s*
      (?: {_TO_LEAVE} \s+ (?: all | any | the | your | every\w* | previous | prior | what\w* | this
            | that | anything )
        | {_TO_TELL} \s+ (?: that | only | as | the | every\w* | all | also | it | this | them
            | your | nothing | any | one | an? | back | with | to \s+ your )
        | (?: do \s+ not | don't | never ) \s+ \w+ | pretend | act \s+ as )\b
    | \b (?: please | kindly ) ,? \s+ (?: also \s+ )? (?: {_TO_TELL} | {_TO_LEAVE} | do \s+ not ) \b
    | \b (?: {_TO_TELL} | {_TO_LEAVE} | recite | quote | disclose ) \s+ (?: \w+ \s+ ){{0,7}} your \b
    | \b (?: what \s+ (?: were | have ) \s+ you | (?: authori[sz]e | instruct | order ) \s+ you ) \b
    | \b set \s+ \w+ \s+ to \b | \b show \s+ me \b
    | \b (?: overrid\w+ | supersed\w+ | remplac\w+ ) \s+ (?: all | your | the | vos | tes | les ) \b
    | \b you \s+ (?: are \s+ (?: now | an? ) | must | should | will | shall ) \b
    | \b (?: and | then ) \s+ (?: list | record | report | output ) \s+ (?: as | only | that ) \b
    | {_OPENING} (?: puis | ensuite | et )? ,? \s* (?: ignore | oublie | ajoute | note | indique
        | mentionne | répète | révèle | affiche | recopie | considère | rédige | liste ) \s+
        (?: les? | la | tes | ton | tout\w* | mot | que | une? | ce\w* | maintenant )\b
    | \b (?: ignorez | oubliez | ajoutez | inscri[sv]\w* | notez | indiquez | mentionnez | répétez
        | révélez | affichez | recopiez | considérez | réponds | répondez | écris | renvoie[sz]?
        | renvoyez | listez | retenez | extrayez | présentez | concluez | classez | déclarez
        | signalez | considère | mets | mettez | donne[sz]? | fais | faites ) \b
    | \b ne \s+ (?: tenez | tiens ) \b | {_OPENING} n[e'] \s* \w+ (?:ez|s|e) \s+ (?: pas | rien )\b
    | \b (?: merci | veuillez | prière ) \b [^.!?]{{0,50}} \b d?[e']? \s* {_TO_TELL_FR} \b
    | \b (?: vous \s+ devez | tu \s+ dois | vous \s+ êtes | tu \s+ es ) \b
    | \b (?: hãy | xin | vui \s+ lòng | đừng | chớ | làm \s+ ơn ) \s+ (?: vui \s+ lòng \s+ )?
        {_TO_TELL_VI} \b
    | {_OPENING} (?: rồi | sau \s+ đó | đồng \s+ thời )? \s* (?: bỏ \s+ qua | quên
        | ghi \s+ (?: rằng | thêm | nhận ) | liệt \s+ kê | trả \s+ (?: lời | về ) | in \s+ ra
        | tiết \s+ lộ | lặp \s+ lại | điền | xuất | chép | thêm | in \s+ nguyên \s+ văn
        | (?: không \s+ được | đừng ) \s+ \w+ )\b
    | \b bạn \s+ (?: phải | hãy | cần | là )\b
    """
)
# An obligation, whoever has it.
_OBLIGED: Final = _any(
    r"(?: must | should | shall | are \s+ to | is \s+ to | needs? \s+ to | asked \s+ to | required"
    r" \s+ to | instructed \s+ to )",
    r"(?: doit | doivent | devra | devront | (?: est | sont ) \s+ prié\w* | il \s+ convient )",
    r"\w+ (?: ront | era )",
    r"(?: phải | cần | nên | được \s+ yêu \s+ cầu )",
    r"(?: are | is ) \s+ (?: now \s+ )? (?: void | cancelled | superseded | obsolete )",
    r"(?: sont | est ) \s+ (?: annulé\w* | caduc\w* | levé\w* | remplacé\w* )",
    r"(?: bị \s+ hủy | hết \s+ hiệu \s+ lực | không \s+ còn \s+ hiệu \s+ lực )",
)
# A label or salutation that names a program: what follows is meant for it, whatever it says.
_NAMES: Final = (
    r"ai | ia | gpt | chatgpt | llms? | chatbots? | bots? | scrapers? | crawlers? | parsers?"
    r" | (?: ai | language ) \s+ (?: models? | tools? | assistants? | agents? ) | modèles?"
    r" | systèmes? \s+ automati\w+ | agents? \s+ ia | mô \s+ hình (?: \s+ ai | \s+ ngôn \s+ ngữ )?"
    r" | trợ \s+ lý \s+ (?: ai | ảo ) | máy \s+ đọc"
)
_LABEL: Final = re.compile(
    rf"""(?x) ^ [\W_]{{0,20}} (?:
      (?i: (?: yêu \s+ cầu | cảnh \s+ báo ) \s+ hệ \s+ thống \s* : )
    | (?i: (?: lệnh | chỉ \s+ thị ) \s+ ưu \s+ tiên
        | (?: consigne | instruction | directive ) \s+ prioritaire ) \b [^:.!?\n]{{0,40}} :
    | (?i: (?: important | attention | warning | hello | hi | hey | dear | cher | chère | bonjour
        | (?: kính \s+ )? gửi | chú \s+ ý | lưu \s+ ý | này | chào | dành \s+ riêng \s+ cho )
        [,:]? \s* (?: (?: all | every | any | các | mọi
        | tous | toutes | les | aux ) \s+ ){{0,2}}
        (?: {_NAMES} ) (?: \s+ (?: tools? | này | (?: đang | qui | reading | that ) \b
        [^:.!?\n]{{0,30}} ) )? \s* [:,] )
    | (?i: (?: for | pour ) \s+ [^:.!?\n]{{0,20}}? \b (?: {_NAMES} ) \s+
        (?: only | uniquement | seulement ) \s* [:,] )
    | (?: BEGIN \s+ )? (?: SYSTEM | ASSISTANT | OVERRIDE ) \b [^:.!?\n]{{0,30}} :
    | (?i: message \s+ (?: du \s+ )? système | (?: lệnh | thông \s+ điệp ) \s+ hệ \s+ thống
        | system \s+ (?: override | message | instruction | command ) ) \b [^:.!?\n]{{0,30}} :
    | (?i: dear \s+ (?: ai | llm | language \s+ model | bot | model )\b [^:.!?\n]{{0,30}} [:,] )
    | (?i: to \s+ (?: who(?:m | ever) | whichever ) \s+ [^:.!?\n]{{0,20}} (?: reads? | parses?
        | scrapes? | process\w* | summari[sz]es? ) \s+ this [^:.!?\n]{{0,20}} : )
    | (?i: (?: note | instruction | message | comment | hint )s? \s+ to \s+ [^:.!?\n]{{0,40}}? \b
        (?: ai | llms? | models? | bots? | assistants? | crawlers? | parsers? | summari[sz]ers? )
        \b [^:.!?\n]{{0,40}} : )
    | (?i: (?: (?: consigne | instruction | message | mot )s? \s+ (?: à | aux? )
        | à \s+ l'attention ) \b [^:.!?\n]{{0,40}}?
        \b (?: ia | modèles? | robots? | assistants? | résumeurs? ) \b [^:.!?\n]{{0,40}} : )
    | (?i: (?: lưu \s+ ý | ghi \s+ chú | chỉ \s+ dẫn | nhắn ) \s+ (?: gửi | cho | tới
        | dành \s+ cho ) \s+
        [^:.!?\n]{{0,20}}? \b (?: bot | máy | mô \s+ hình | trợ \s+ lý | phần \s+ mềm ) \b
        [^:.!?\n]{{0,40}} : )
    | (?i: (?: hướng \s+ dẫn | thông \s+ báo ) \s+ (?: gửi | cho ) \s+ (?: bot | máy ) \s* : )
    )"""
)
# The name of a program, called out, and then an order.
_CALLED: Final = re.compile(
    rf"""(?ix) ^ [\W_]{{0,20}} (?:
      [^:.!?\n]{{0,60}}? {_PROGRAM_NAMED} [^:.!?\n]{{0,60}} (?= : )
    | (?: \w+ \s+ ){{0,2}} {_PROGRAM_NAMED} (?: \s+ \w+ ){{0,5}} \s* (?= , )
    | (?: \w+ \s+ ){{0,2}} {_PROGRAM_NAMED} \s+ (?= (?: hãy | vui \s+ lòng | xin ) \b )
    | (?: system | système | assistant | user | human | hệ \s+ thống ) \s* (?= [:,] )
    )"""
)
# Fields of a record, as only a program would be given them.
_ASSIGNED: Final = re.compile(
    r"(?i)\b(?:actor|amount|status|certainty|kind|deadline|recipient|money|currency) ?[=:] ?\S"
)
_FEWEST_ASSIGNED: Final = 2
_MAY_BE_LABEL: Final = re.compile(
    r"(?im)\b(?:system|assistant|developer|override|dear|système|whoever|whichever|whom|readers?"
    r"|(?:ai|llms?|models?|bots?|crawlers?|parsers?|ia|modèles?|robots?|assistants?|outils?|máy"
    r"|mô hình|trợ lý|phần mềm|hệ thống)\b[^:.!?\n]{0,40}:)"
)
# More of the same order: only believed right after one.
_MORE: Final = _any(
    r"(?: this | these | it ) \s+ (?: line | note | request | instructions? | gift | record )? \s*"
    r" (?: is \s+ to | must | should ) \s+ be",
    r"assistant \s* : | (?: everything | anything | nothing ) \s+ else | thank \s+ you",
    r"(?: doit | doivent ) \s+ être \s+ (?: écarté\w* | ignoré\w* | omis\w* | inscrit\w* )",
    r"(?: phải | cần ) \s+ (?: được \s+ )? (?: bỏ \s+ qua | loại \s+ bỏ | ghi \s+ nhận )",
)
_ANNOUNCES: Final = _any(
    r"(?: the | as ) \s+ follow(?:s|ing) | follows | suivante?s? | ci-(?: après | dessous )"
    r" | ce \s+ qui \s+ suit | sau \s+ đây | như \s+ sau | dưới \s+ đây"
)


def addresses_a_machine(sentence: str) -> bool:
    """Whether a folded sentence gives orders to the program that reads it."""
    if _LABEL.match(sentence) or len(_ASSIGNED.findall(sentence)) >= _FEWEST_ASSIGNED:
        return True
    called = _CALLED.match(sentence)
    if called and is_order(sentence[called.end() :].removeprefix(",").lstrip()):
        return True
    program = bool(_PROGRAM.search(sentence))
    before = bool(_BEFORE.search(sentence))
    answer = bool(_ANSWER.search(sentence))
    if not (program or before or answer):
        return False
    here = bool(_HERE.search(sentence))
    if is_order(sentence):
        return before or (program and (here or answer)) or (here and answer)
    return program and (before or here or answer) and bool(_OBLIGED.search(sentence))


def is_order(sentence: str) -> bool:
    """Whether a folded sentence is worded as an order to whoever reads it."""
    return bool(_IMPERATIVE.search(sentence))


def goes_on(sentence: str) -> bool:
    """Whether a folded sentence may be more of an order that was given right before it."""
    return is_order(sentence) or bool(_MORE.search(sentence))


def announces(sentence: str) -> bool:
    """Whether a folded sentence that addresses a program tells that its matter comes next."""
    return sentence.endswith(":") or bool(_ANNOUNCES.search(sentence))


def may_address(text: str) -> bool:
    """Whether a folded text has a word with which a program could be addressed at all."""
    signs = (_PROGRAM, _BEFORE, _ANSWER, _ASSIGNED, _MAY_BE_LABEL)
    return any(sign.search(text) for sign in signs)
