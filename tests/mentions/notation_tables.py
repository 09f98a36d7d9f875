"""How money is written in each language: hand-made tables, which ask nothing of the engine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from extractor.records import Language


@dataclass(frozen=True)
class Scale:
    """A scale word, with what parts it from its figure; `glued` ones take a currency's mark."""

    word: str
    power: int
    glued: bool = False
    one: str = ""
    """Its form for less than two, where that is another."""


@dataclass(frozen=True)
class Tables:
    """One language; currencies are pairs of what is written and the code that it means."""

    language: Language
    thousands: str
    decimal: str
    scales: tuple[Scale, ...]
    shorts: tuple[Scale, ...]
    behind: tuple[tuple[str, str], ...]
    """Behind a scale word."""
    behind_bare: tuple[tuple[str, str], ...]
    """Behind a figure without one."""
    before: tuple[tuple[str, str], ...]
    behind_short: tuple[tuple[str, str], ...]
    before_short: tuple[tuple[str, str], ...]
    spoken: tuple[tuple[str, int | float], ...]
    """A number in words with its scale word."""
    ranges: tuple[tuple[str, str], ...]
    joint: str
    respectively: str
    for_: str
    qualifiers: tuple[str, ...]
    sentences: tuple[str, ...]
    labels: tuple[str, ...]
    per_cent: tuple[str, ...]
    foreign: tuple[tuple[str, int, str], ...] = ()
    """Whole amounts in a notation that is not the language's."""
    unsure: tuple[str, ...] = ()
    """Whole amounts that may mean two things."""
    indian: tuple[tuple[str, str], ...] = ()


EN: Final = Tables(
    language="en",
    thousands=",",
    decimal=".",
    scales=(
        Scale(" thousand", 3),
        Scale(" million", 6),
        Scale(" billion", 9),
        Scale(" trillion", 12),
    ),
    shorts=(
        Scale("k", 3),
        Scale("K", 3),
        Scale("m", 6),
        Scale("M", 6),
        Scale("mn", 6),
        Scale("MM", 6),
        Scale(" mln", 6),
        Scale("bn", 9),
        Scale("B", 9),
        Scale(" bn", 9),
        Scale("tn", 12),
        Scale("T", 12),
    ),
    behind=(
        (" euros", "EUR"),
        (" dollars", "USD"),
        (" US dollars", "USD"),
        (" pounds", "GBP"),
        (" Australian dollars", "AUD"),
        (" Canadian dollars", "CAD"),
        (" yen", "JPY"),
        (" USD", "USD"),
        (" EUR", "EUR"),
        (" Swiss francs", "CHF"),
        (" rupees", "INR"),
    ),
    behind_bare=((" euros", "EUR"), (" dollars", "USD"), (" USD", "USD"), (" CHF", "CHF")),
    before=(
        ("$", "USD"),
        ("US$", "USD"),
        ("US$ ", "USD"),
        ("€", "EUR"),
        ("€ ", "EUR"),
        ("£", "GBP"),
        ("A$", "AUD"),
        ("C$", "CAD"),
        ("HK$", "HKD"),
        ("NT$", "TWD"),
        ("NZ$", "NZD"),
        ("USD ", "USD"),
        ("EUR ", "EUR"),
        ("EUR", "EUR"),
        ("CHF ", "CHF"),
        ("RM", "MYR"),
        ("₹", "INR"),
        ("Rs ", "INR"),
        ("Rs. ", "INR"),
    ),
    behind_short=((" euros", "EUR"), (" dollars", "USD"), (" USD", "USD")),
    before_short=(
        ("$", "USD"),
        ("US$", "USD"),
        ("€", "EUR"),
        ("EUR", "EUR"),
        ("A$", "AUD"),
        ("£", "GBP"),
    ),
    spoken=(
        ("five hundred million", 500_000_000),
        ("two million", 2_000_000),
        ("half a billion", 500_000_000),
        ("a billion and a half", 1_500_000_000),
        ("two and a half billion", 2_500_000_000),
        ("a hundred million", 100_000_000),
        ("one hundred and twenty million", 120_000_000),
        ("twenty-five million", 25_000_000),
        ("a million", 1_000_000),
        ("three hundred thousand", 300_000),
        ("one and a half million", 1_500_000),
    ),
    ranges=(("between ", " and "), ("from ", " to "), ("", " to "), ("", "-"), ("", " - ")),
    joint=" and ",
    respectively="{} respectively",
    for_=" for ",
    qualifiers=(
        "",
        "",
        "about ",
        "over ",
        "up to ",
        "at least ",
        "nearly ",
        "more than ",
        "less than ",
        "around ",
        "almost ",
        "no more than ",
        "some ",
    ),
    sentences=(
        "The fund will pay {a} to the town.",
        "In 2027 the council of Orsel put {a} into roads, 12% more than before.",
        "{a}: that is what the mill costs.",
        "The bank lends {a}.",
        "The port, with 340 workers, gets {a} for its cranes by 2029.",
        'Its head said: "We will give {a} to schools."',
        "In phase 2, {a} will be spent on pipes.",
        "The grant ({a}) was agreed on 3 May 2026.",
    ),
    labels=("phase 2", "round 3", "lot 2"),
    per_cent=("5%", "5 per cent", "12.5 percent", "5 percentage points"),
    foreign=(("500 triệu đồng", 500_000_000, "VND"), ("12 tỷ đồng", 12 * 10**9, "VND")),
    unsure=(
        "1.250 dollars",
        "$1.000 billion",
        "€2.375",
        "1.250 USD",
        "$3.125",
    ),
    indian=(
        ("Rs 4,500 crore", "45000000000"),
        ("₹12.5 lakh crore", "12500000000000"),
        ("₹12,34,567", "1234567"),
        ("Rs. 1,25,000", "125000"),
        ("₹3 lakh", "300000"),
        ("Rs 75 lakh", "7500000"),
        ("₹2,500 crore", "25000000000"),
        ("40 crore rupees", "400000000"),
        ("₹12,34,567.50", "1234567.5"),
        ("Rs 7 crores", "70000000"),
        ("INR 20 crore", "200000000"),
        ("₹5 lakh crore", "5000000000000"),
        ("Rs 1.5 lakh crore", "1500000000000"),
        ("₹50 cr", "500000000"),
        ("12,34,567 rupees", "1234567"),
    ),
)

FR: Final = Tables(
    language="fr",
    thousands=" ",
    decimal=",",
    scales=(
        Scale(" millions", 6, one=" million"),
        Scale(" milliards", 9, one=" milliard"),
    ),
    shorts=(
        Scale(" M", 6, glued=True),
        Scale("M", 6, glued=True),
        Scale(" Md", 9, glued=True),
        Scale(" Mds", 9, glued=True),
        Scale("Md", 9, glued=True),
        Scale(" k", 3, glued=True),
        Scale("k", 3, glued=True),
    ),
    behind=(
        (" d'euros", "EUR"),
        (" d\u2019euros", "EUR"),
        (" de dollars", "USD"),
        (" de dollars canadiens", "CAD"),
        (" de dollars australiens", "AUD"),
        (" de yens", "JPY"),
        (" de livres sterling", "GBP"),
        (" de francs suisses", "CHF"),
        (" €", "EUR"),
        (" $", "USD"),
        (" USD", "USD"),
        (" EUR", "EUR"),
        (" de dollars américains", "USD"),
    ),
    behind_bare=(
        (" euros", "EUR"),
        (" €", "EUR"),
        ("€", "EUR"),
        (" dollars", "USD"),
        (" $", "USD"),
        (" EUR", "EUR"),
        (" francs suisses", "CHF"),
    ),
    before=(("USD ", "USD"), ("EUR ", "EUR"), ("CHF ", "CHF")),
    behind_short=(
        ("€", "EUR"),
        (" €", "EUR"),
        ("$", "USD"),
        (" d'euros", "EUR"),
        ("EUR", "EUR"),
        ("USD", "USD"),
        (" EUR", "EUR"),
    ),
    before_short=(),
    spoken=(
        ("cent millions", 100_000_000),
        ("deux millions et demi", 2_500_000),
        ("un milliard et demi", 1_500_000_000),
        ("un demi-milliard", 500_000_000),
        ("1 milliard et demi", 1_500_000_000),
        ("cinq cents millions", 500_000_000),
        ("vingt et un millions", 21_000_000),
        ("soixante-dix millions", 70_000_000),
        ("deux cent cinquante millions", 250_000_000),
        ("un million", 1_000_000),
        ("quatre-vingts millions", 80_000_000),
        ("mille milliards", 10**12),
    ),
    ranges=(("entre ", " et "), ("de ", " à "), ("", " à "), ("", "-"), ("", " ou ")),
    joint=" et ",
    respectively="{} respectivement",
    for_=" pour ",
    qualifiers=(
        "",
        "",
        "environ ",
        "plus de ",
        "jusqu'à ",
        "au moins ",
        "près de ",
        "moins de ",
        "quelque ",
        "presque ",
        "pas moins de ",
        "au maximum ",
    ),
    sentences=(
        "Le fonds versera {a} à la ville.",
        "En 2027, le conseil d'Orsel a mis {a} dans les routes, 12 % de plus qu'avant.",
        "{a} : voilà ce que coûte le moulin.",
        "La banque prête {a}.",
        "Le port, avec 340 salariés, reçoit {a} pour ses grues d'ici 2029.",
        "Son chef l'a dit : « Nous donnerons {a} aux écoles. »",
        "Dans la phase 2, {a} iront aux conduites.",
        "L'aide ({a}) a été décidée le 3 mai 2026.",
    ),
    labels=("phase 2", "tranche 3", "lot 2"),
    per_cent=("5 %", "5 pour cent", "12,5 %", "5 points de pourcentage"),
    foreign=(
        ("$5 billion", 5 * 10**9, "USD"),
        ("$2.5bn", 2_500_000_000, "USD"),
        ("$1.2 million", 1_200_000, "USD"),
        ("500 triệu đồng", 500_000_000, "VND"),
        ("€4bn", 4 * 10**9, "EUR"),
        ("$3mn", 3_000_000, "USD"),
        ("40 crore de roupies", 400_000_000, "INR"),
    ),
    unsure=(
        "94,500 euros",
        "1,250 dollars",
        "2 trillions de dollars",
        "5 Bn$",
        "3,125 €",
        "$2 trillions",
        "1,000 milliard d'euros",
        "€5 billions",
    ),
)

VI: Final = Tables(
    language="vi",
    thousands=".",
    decimal=",",
    scales=(
        Scale(" nghìn", 3),
        Scale(" ngàn", 3),
        Scale(" triệu", 6),
        Scale(" tỷ", 9),
        Scale(" tỉ", 9),
        Scale(" nghìn tỷ", 12),
        Scale(" ngàn tỉ", 12),
    ),
    shorts=(Scale("tr", 6), Scale(" tr", 6), Scale("k", 3)),
    behind=(
        (" đồng", "VND"),
        (" USD", "USD"),
        (" euro", "EUR"),
        (" đô la", "USD"),
        (" đô la Mỹ", "USD"),
        (" đô la Úc", "AUD"),
        (" yên", "JPY"),
        (" nhân dân tệ", "CNY"),
        (" VND", "VND"),
        (" bảng Anh", "GBP"),
        (" đô la Canada", "CAD"),
        (" VNĐ", "VND"),
        (" EUR", "EUR"),
    ),
    behind_bare=(
        (" đồng", "VND"),
        (" USD", "USD"),
        (" euro", "EUR"),
        ("đ", "VND"),
        (" VND", "VND"),
        (" đô la Mỹ", "USD"),
    ),
    before=(("USD ", "USD"), ("US$", "USD"), ("$", "USD"), ("EUR ", "EUR")),
    behind_short=((" đồng", "VND"), (" VND", "VND")),
    before_short=(),
    spoken=(
        ("một tỷ rưỡi", 1_500_000_000),
        ("hai trăm triệu", 200_000_000),
        ("nửa tỷ", 500_000_000),
        ("năm mươi tỷ", 50 * 10**9),
        ("một triệu", 1_000_000),
        ("hai mươi lăm triệu", 25_000_000),
        ("2 tỷ rưỡi", 2_500_000_000),
        ("ba trăm linh năm triệu", 305_000_000),
        ("mười hai nghìn tỷ", 12 * 10**12),
        ("2 tỷ 500 triệu", 2_500_000_000),
        ("tám triệu", 8_000_000),
    ),
    ranges=(
        ("từ ", " đến "),
        ("", " đến "),
        ("", "-"),
        ("", " - "),
        ("giữa ", " và "),
        ("từ ", " tới "),
    ),
    joint=" và ",
    respectively="lần lượt {}",
    for_=" cho ",
    qualifiers=(
        "",
        "",
        "khoảng ",
        "hơn ",
        "tối đa ",
        "ít nhất ",
        "gần ",
        "trên ",
        "dưới ",
        "không dưới ",
        "chưa đến ",
        "lên tới ",
    ),
    sentences=(
        "Quỹ sẽ chi {a} cho thị trấn.",
        "Năm 2027, hội đồng Lam Hạ đã dành {a} làm đường, hơn trước 12%.",
        "{a}: đó là giá của nhà máy.",
        "Ngân hàng cho vay {a}.",
        "Cảng có 340 công nhân sẽ nhận {a} để mua cần cẩu trước năm 2029.",
        'Ông nói: "Chúng tôi sẽ tặng {a} cho các trường."',
        "Trong giai đoạn 2, {a} sẽ được chi cho đường ống.",
        "Khoản hỗ trợ ({a}) được quyết định ngày 3/5/2026.",
    ),
    labels=("đợt 2", "kỳ 3", "giai đoạn 2"),
    per_cent=("5%", "5 phần trăm", "12,5%", "5 điểm phần trăm"),
    foreign=(
        ("$3.2 billion", 3_200_000_000, "USD"),
        ("$3.2bn", 3_200_000_000, "USD"),
        ("€4 million", 4_000_000, "EUR"),
        ("$1.250 billion", 1_250_000_000, "USD"),
        ("$5M", 5_000_000, "USD"),
        ("$2B", 2 * 10**9, "USD"),
        ("$3MM", 3_000_000, "USD"),
        ("05 tỷ đồng", 5 * 10**9, "VND"),
        ("3 million USD", 3_000_000, "USD"),
        ("US$1.2tn", 1_200_000_000_000, "USD"),
        ("3.5 tỷ USD", 3_500_000_000, "USD"),
        ("500k USD", 500_000, "USD"),
        ("1,000 tỷ đồng", 10**12, "VND"),
    ),
    unsure=(
        "1,250 tỷ đồng",
        "1,250 USD",
        "$5T",
        "3,125 triệu USD",
        "94,500 đồng",
        "$5NT",
    ),
)

ID: Final = Tables(
    language="id",
    thousands=".",
    decimal=",",
    scales=(
        Scale(" ribu", 3),
        Scale(" juta", 6),
        Scale(" miliar", 9),
        Scale(" triliun", 12),
        Scale(" milyar", 9),
    ),
    shorts=(Scale(" jt", 6), Scale("jt", 6), Scale(" M", 9), Scale(" T", 12), Scale("rb", 3)),
    behind=(
        (" rupiah", "IDR"),
        (" dolar AS", "USD"),
        (" dolar", "USD"),
        (" euro", "EUR"),
        (" dolar Australia", "AUD"),
        (" yen", "JPY"),
        (" USD", "USD"),
        (" ringgit", "MYR"),
        (" dolar Singapura", "SGD"),
        (" poundsterling", "GBP"),
    ),
    behind_bare=((" rupiah", "IDR"), (" dolar AS", "USD"), (" euro", "EUR"), (" USD", "USD")),
    before=(
        ("Rp", "IDR"),
        ("Rp ", "IDR"),
        ("US$", "USD"),
        ("US$ ", "USD"),
        ("USD ", "USD"),
        ("€", "EUR"),
        ("A$", "AUD"),
        ("S$", "SGD"),
        ("IDR ", "IDR"),
    ),
    behind_short=((" rupiah", "IDR"),),
    before_short=(("Rp", "IDR"), ("Rp ", "IDR")),
    spoken=(
        ("dua setengah miliar", 2_500_000_000),
        ("setengah miliar", 500_000_000),
        ("dua ratus juta", 200_000_000),
        ("satu setengah miliar", 1_500_000_000),
        ("lima puluh juta", 50_000_000),
        ("seratus juta", 100_000_000),
        ("satu juta", 1_000_000),
        ("dua puluh lima juta", 25_000_000),
        ("sejuta", 1_000_000),
        ("tiga triliun", 3 * 10**12),
    ),
    ranges=(
        ("antara ", " dan "),
        ("dari ", " hingga "),
        ("", " hingga "),
        ("", "-"),
        ("", " sampai "),
        ("", " - "),
    ),
    joint=" dan ",
    respectively="masing-masing {}",
    for_=" untuk ",
    qualifiers=(
        "",
        "",
        "sekitar ",
        "lebih dari ",
        "maksimal ",
        "minimal ",
        "hampir ",
        "di atas ",
        "kurang dari ",
        "setidaknya ",
        "tidak kurang dari ",
    ),
    sentences=(
        "Dana itu akan membayar {a} kepada kota.",
        "Pada 2027 dewan Orsela memberikan {a} untuk jalan, naik 12%.",
        "{a}: itulah harga pabriknya.",
        "Bank meminjamkan {a}.",
        "Pelabuhan dengan 340 pekerja menerima {a} untuk derek sebelum 2029.",
        'Ketuanya berkata: "Kami akan memberi {a} kepada sekolah."',
        "Pada tahap 2, {a} akan dibelanjakan untuk pipa.",
        "Bantuan ({a}) diputuskan pada 3 Mei 2026.",
    ),
    labels=("tahap 2", "fase 3", "paket 2"),
    per_cent=("5%", "5 persen", "12,5 persen", "5 poin persentase"),
    foreign=(
        ("$3.2 billion", 3_200_000_000, "USD"),
        ("$3.2bn", 3_200_000_000, "USD"),
        ("US$4 million", 4_000_000, "USD"),
        ("€2.5 million", 2_500_000, "EUR"),
        ("3 million dolar AS", 3_000_000, "USD"),
        ("US$3,5 juta", 3_500_000, "USD"),
        ("$2B", 2 * 10**9, "USD"),
    ),
    unsure=("US$5M", "1,250 dolar AS", "$5 M", "Rp1,250", "US$3,125", "Rp1,000 triliun"),
)

TABLES: Final[dict[Language, Tables]] = {"vi": VI, "fr": FR, "en": EN, "id": ID}
