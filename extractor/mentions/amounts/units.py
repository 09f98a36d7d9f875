"""What can be counted: general nouns and measures of the three languages, by English name.

Forms are listed as "singular/plural"; without a slash the plural adds an s. Vietnamese nouns have
one form. Longer forms win over shorter ones, so a more specific unit may share its first words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from extractor.records import Language

# Unit: (vi, fr, en).
_NOUNS: Final[Mapping[str, tuple[str, str, str]]] = {
    # People
    "person": ("người, cá nhân, nhân khẩu", "personne, habitant", "person/people, resident"),
    "student": (
        "sinh viên, học sinh, học viên, học sinh sinh viên",
        "étudiant, étudiante, élève, apprenant, lycéen, collégien",
        "student, pupil, learner",
    ),
    "phd_student": ("nghiên cứu sinh, tiến sĩ", "doctorant, docteur", "PhD student, doctorate"),
    "graduate": ("cử nhân", "diplômé, diplômée", "graduate"),
    "trainee": ("thực tập sinh", "stagiaire, apprenti, apprentie", "trainee, intern, apprentice"),
    "worker": (
        "lao động, người lao động, công nhân, nhân công",
        "travailleur, travailleuse, ouvrier, ouvrière",
        "worker, labourer",
    ),
    "employee": (
        "nhân viên, nhân sự, cán bộ nhân viên, nhân lực",
        "employé, employée, salarié, salariée, collaborateur",
        "employee, staff/staff, staff member, staffer",
    ),
    "job": (
        "việc làm, cơ hội việc làm, chỗ làm việc, vị trí việc làm, vị trí",
        "emploi, poste, poste de travail/postes de travail",
        "job, position, role",
    ),
    "engineer": ("kỹ sư, kĩ sư", "ingénieur, ingénieure", "engineer"),
    "developer": ("lập trình viên, nhà phát triển", "développeur, développeuse", "developer"),
    "technician": ("kỹ thuật viên", "technicien, technicienne", "technician"),
    "expert": ("chuyên gia", "expert, experte, spécialiste", "expert, specialist"),
    "researcher": ("nhà nghiên cứu", "chercheur, chercheuse", "researcher"),
    "scientist": ("nhà khoa học", "scientifique", "scientist"),
    "teacher": (
        "giáo viên, giảng viên, thầy cô",
        "enseignant, enseignante, professeur, formateur",
        "teacher, professor, instructor, lecturer, educator",
    ),
    "doctor": ("bác sĩ, bác sỹ", "médecin", "doctor, physician"),
    "nurse": ("điều dưỡng, y tá", "infirmier, infirmière", "nurse"),
    "patient": ("bệnh nhân", "patient, patiente", "patient"),
    "farmer": ("nông dân", "agriculteur, agricultrice", "farmer"),
    "official": ("cán bộ, công chức, viên chức", "fonctionnaire, agent", "official, civil servant"),
    "entrepreneur": ("doanh nhân", "entrepreneur, entrepreneuse", "entrepreneur"),
    "child": ("trẻ em, thiếu nhi", "enfant", "child/children"),
    "woman": ("phụ nữ", "femme", "woman/women"),
    "young_person": ("thanh niên, bạn trẻ", "jeune", "young people/young people, youth"),
    "user": ("người dùng, người sử dụng", "utilisateur, utilisatrice", "user"),
    "customer": ("khách hàng", "client, cliente", "customer, client"),
    "volunteer": ("tình nguyện viên", "bénévole, volontaire", "volunteer"),
    "soldier": ("binh sĩ, quân nhân", "soldat, militaire", "soldier, troop"),
    "household": ("hộ gia đình, hộ", "ménage, foyer, famille", "household, family/families"),
    # Computing
    "chip": (
        "chip, con chip, vi mạch, bộ vi xử lý",
        "puce, microprocesseur, semi-conducteur",
        "chip, microchip, processor, semiconductor",
    ),
    "gpu": (
        "GPU, card đồ họa, bộ xử lý đồ họa",
        "GPU/GPU, GPUs/GPUs, processeur graphique/processeurs graphiques, carte graphique"
        "/cartes graphiques",
        "GPU, graphics processor, graphics processing unit, graphics card",
    ),
    "gpu_hour": ("giờ GPU", "heure GPU/heures GPU", "GPU hour, GPU-hour"),
    "accelerator": ("bộ tăng tốc", "accélérateur", "accelerator"),
    "server": ("máy chủ", "serveur", "server"),
    "computer": (
        "máy tính, máy vi tính, máy tính xách tay",
        "ordinateur",
        "computer, laptop, PC",
    ),
    "tablet": ("máy tính bảng", "tablette", "tablet"),
    "supercomputer": ("siêu máy tính", "supercalculateur, superordinateur", "supercomputer"),
    "quantum_computer": (
        "máy tính lượng tử",
        "ordinateur quantique/ordinateurs quantiques",
        "quantum computer",
    ),
    "qubit": ("qubit", "qubit", "qubit"),
    "data_center": (
        "trung tâm dữ liệu",
        "centre de données/centres de données, data center, datacenter, data centre",
        "data center, data centre, datacenter, datacentre",
    ),
    "model": ("mô hình", "modèle", "model"),
    "application": ("ứng dụng", "application, appli, cas d'usage/cas d'usage", "application, app"),
    "dataset": ("bộ dữ liệu", "jeu de données/jeux de données", "dataset, data set"),
    "robot": ("robot, rô-bốt", "robot", "robot"),
    "sensor": ("cảm biến", "capteur", "sensor"),
    "camera": ("camera", "caméra", "camera"),
    "device": ("thiết bị", "appareil, dispositif, équipement", "device"),
    "satellite": ("vệ tinh", "satellite", "satellite"),
    # Sites
    "factory": (
        "nhà máy, xưởng, xí nghiệp, siêu nhà máy",
        "usine, gigafactory/gigafactories, fabrique",
        "factory/factories, plant, gigafactory/gigafactories, fab",
    ),
    "power_plant": (
        "nhà máy điện, nhà máy nhiệt điện, nhà máy thủy điện",
        "centrale, centrale électrique/centrales électriques",
        "power plant, power station",
    ),
    "reactor": ("lò phản ứng", "réacteur", "reactor"),
    "turbine": ("tua-bin, tuabin", "turbine, éolienne", "turbine, wind turbine"),
    "solar_panel": (
        "tấm pin mặt trời, tấm pin năng lượng mặt trời",
        "panneau solaire/panneaux solaires",
        "solar panel",
    ),
    "laboratory": (
        "phòng thí nghiệm, phòng lab",
        "laboratoire, labo",
        "laboratory/laboratories, lab",
    ),
    "research_center": (
        "trung tâm nghiên cứu, trung tâm nghiên cứu và phát triển, trung tâm R&D",
        "centre de recherche/centres de recherche",
        "research center, research centre, R&D center, R&D centre",
    ),
    "centre": ("trung tâm", "centre, pôle", "center, centre, hub"),
    "institute": ("viện, viện nghiên cứu, học viện", "institut", "institute"),
    "school": (
        "trường, trường học, trường phổ thông, ngôi trường",
        "école, lycée, collège, établissement scolaire/établissements scolaires",
        "school, college",
    ),
    "university": (
        "trường đại học, đại học, trường đại học và cao đẳng",
        "université",
        "university/universities",
    ),
    "classroom": ("phòng học, lớp học", "salle de classe/salles de classe, classe", "classroom"),
    "library": ("thư viện", "bibliothèque", "library/libraries"),
    "hospital": ("bệnh viện", "hôpital/hôpitaux", "hospital"),
    "clinic": ("phòng khám, trạm y tế", "clinique, centre de santé/centres de santé", "clinic"),
    "bed": ("giường bệnh, giường", "lit", "bed, hospital bed"),
    "site": ("địa điểm", "site", "site, location"),
    "facility": ("cơ sở, cơ sở sản xuất", "installation, infrastructure", "facility/facilities"),
    "office": ("văn phòng", "bureau/bureaux", "office"),
    "branch": ("chi nhánh", "agence, succursale", "branch/branches"),
    "store": ("cửa hàng", "magasin, boutique", "store, shop"),
    "warehouse": ("kho, nhà kho", "entrepôt", "warehouse"),
    "campus": ("khuôn viên", "campus/campus", "campus/campuses"),
    "industrial_park": (
        "khu công nghiệp, khu công nghệ cao",
        "parc industriel/parcs industriels, zone industrielle/zones industrielles",
        "industrial park, industrial zone",
    ),
    "station": ("trạm, nhà ga", "station, gare", "station"),
    "charging_station": (
        "trạm sạc, trụ sạc, điểm sạc",
        "borne de recharge/bornes de recharge, borne, station de recharge/stations de recharge,"
        " point de recharge/points de recharge",
        "charging station, charging point, charger, charge point",
    ),
    "port": ("cảng", "port", "port"),
    "airport": ("sân bay", "aéroport", "airport"),
    "bridge": ("cây cầu", "pont", "bridge"),
    "farm": ("trang trại", "ferme, exploitation", "farm"),
    "home": (
        "căn hộ, căn nhà, ngôi nhà, nhà ở",
        "logement, maison, appartement",
        "home, house, apartment, housing unit, dwelling",
    ),
    "building": ("tòa nhà, toà nhà", "bâtiment, immeuble", "building"),
    # Organisations
    "company": (
        "công ty, doanh nghiệp, hãng, tập đoàn, doanh nghiệp nhỏ và vừa",
        "entreprise, société, PME/PME, compagnie",
        "company/companies, firm, business/businesses, enterprise, SME",
    ),
    "startup": (
        "công ty khởi nghiệp, doanh nghiệp khởi nghiệp, startup, start-up",
        "start-up/start-up, start-ups/start-ups, startup, jeune pousse/jeunes pousses",
        "startup, start-up",
    ),
    "partner": ("đối tác", "partenaire", "partner"),
    "supplier": ("nhà cung cấp", "fournisseur", "supplier"),
    "organisation": ("tổ chức", "organisation, organisme", "organisation, organization"),
    "institution": ("định chế", "institution, établissement", "institution"),
    "agency": ("cơ quan", "agence publique/agences publiques", "agency/agencies"),
    "bank": ("ngân hàng", "banque", "bank"),
    "city": ("thành phố, đô thị", "ville", "city/cities, town"),
    "municipality": ("xã, phường", "commune, municipalité", "municipality/municipalities"),
    "community": ("cộng đồng", "communauté", "community/communities"),
    "village": ("ngôi làng, thôn, bản làng", "village", "village"),
    # Programmes and their output
    "project": ("dự án, đề tài", "projet", "project"),
    "programme": ("chương trình", "programme", "programme, program"),
    "initiative": ("sáng kiến", "initiative", "initiative"),
    "scholarship": ("học bổng, suất học bổng", "bourse", "scholarship, fellowship"),
    "training_place": ("chỗ đào tạo", "place", "place, training place"),
    "course": ("khóa học, khóa đào tạo", "cours/cours, formation", "course, training course"),
    "grant": ("khoản tài trợ", "subvention", "grant"),
    "award": ("giải thưởng", "prix/prix", "award, prize"),
    "license": ("giấy phép, bản quyền", "licence", "licence, license"),
    "patent": ("bằng sáng chế", "brevet", "patent"),
    "contract": ("hợp đồng", "contrat", "contract"),
    "product": ("sản phẩm", "produit", "product"),
    "service": ("dịch vụ", "service", "service"),
    "solution": ("giải pháp", "solution", "solution"),
    "visa": ("thị thực", "visa", "visa"),
    # Vehicles and equipment
    "bus": ("xe buýt, xe bus", "bus/bus, autobus/autobus, autocar", "bus/buses, coach/coaches"),
    "train": ("đoàn tàu, tàu hỏa, tàu hoả, tàu điện", "train, rame, tramway", "train, tram"),
    "car": ("ô tô, xe ô tô, xe hơi", "voiture, automobile", "car"),
    "truck": ("xe tải", "camion", "truck, lorry/lorries"),
    "vehicle": ("xe, xe điện, phương tiện", "véhicule", "vehicle, EV"),
    "motorbike": ("xe máy, xe máy điện", "moto, scooter", "motorbike, motorcycle, scooter"),
    "bicycle": ("xe đạp", "vélo", "bicycle, bike"),
    "locomotive": ("đầu máy", "locomotive", "locomotive"),
    "aircraft": (
        "máy bay, tàu bay, chiến đấu cơ",
        "avion, appareil de ligne/appareils de ligne",
        "aircraft/aircraft, plane, airplane, jet, airliner",
    ),
    "helicopter": ("trực thăng, máy bay trực thăng", "hélicoptère", "helicopter"),
    "drone": ("máy bay không người lái, drone, UAV", "drone", "drone, UAV"),
    "ship": ("tàu, con tàu", "navire, bateau/bateaux", "ship, vessel, boat"),
    "submarine": ("tàu ngầm", "sous-marin", "submarine"),
    "tank": ("xe tăng", "char", "tank"),
    "missile": ("tên lửa", "missile", "missile"),
    "battery": ("pin, bộ pin", "batterie", "battery/batteries"),
    # Goods
    "dose": ("liều, liều vắc xin, liều vaccine", "dose", "dose"),
    "book": ("cuốn sách, quyển sách, sách", "livre, manuel", "book, textbook"),
    "box": ("hộp, thùng", "boîte, carton", "box/boxes"),
    "meal": ("bữa ăn, suất ăn", "repas/repas", "meal"),
    "tree": ("cây, cây xanh", "arbre", "tree"),
    "barrel": ("thùng dầu", "baril", "barrel"),
}

_MEASURES: Final[Mapping[str, tuple[str, str, str]]] = {
    "kilowatt": ("kW, kilowatt", "kW/kW, kilowatt", "kW/kW, kilowatt"),
    "megawatt": (
        "MW, megawatt, mê-ga-oát",
        "MW/MW, mégawatt, mégawatts/mégawatts",
        "MW/MW, megawatt",
    ),
    "gigawatt": ("GW, gigawatt", "GW/GW, gigawatt", "GW/GW, gigawatt"),
    "kilowatt_hour": ("kWh", "kWh/kWh", "kWh/kWh, kilowatt-hour"),
    "megawatt_hour": ("MWh", "MWh/MWh, mégawattheure", "MWh/MWh, megawatt-hour, megawatt hour"),
    "gigawatt_hour": ("GWh", "GWh/GWh, gigawattheure", "GWh/GWh, gigawatt-hour, gigawatt hour"),
    "terawatt_hour": ("TWh", "TWh/TWh, térawattheure", "TWh/TWh, terawatt-hour, terawatt hour"),
    "petaflop": ("petaflop, petaflops", "pétaflop, petaflop", "petaflop, PFLOPS/PFLOPS"),
    "exaflop": ("exaflop, exaflops", "exaflop", "exaflop"),
    "terabyte": ("terabyte, TB", "téraoctet, To/To", "terabyte, TB/TB"),
    "petabyte": ("petabyte, PB", "pétaoctet, Po/Po", "petabyte, PB/PB"),
    "tonne": ("tấn", "tonne", "tonne, ton, metric ton"),
    "kg": ("kg, ki-lô-gam", "kg/kg, kilo, kilogramme", "kg/kg, kilogram, kilogramme, kilo"),
    "litre": ("lít", "litre", "litre, liter"),
    "hectare": ("ha, héc ta, héc-ta, hecta", "hectare, ha/ha", "hectare, ha/ha"),
    "acre": ("mẫu Anh", "acre", "acre"),
    "kilometre": (
        "km, ki-lô-mét, kilômét, cây số",
        "km/km, kilomètre",
        "km/km, kilometre, kilometer",
    ),
    "mile": ("dặm", "mille marin/milles marins", "mile"),
    "square_metre": (
        "m2, m², mét vuông",
        "m2/m2, m²/m², mètre carré/mètres carrés",
        "m2/m2, m²/m², sq m/sq m, square metre, square meter",
    ),
    "square_foot": ("foot vuông", "pied carré/pieds carrés", "square foot/square feet, sq ft"),
    "square_kilometre": (
        "km2, km², km vuông",
        "km2/km2, km²/km², kilomètre carré/kilomètres carrés",
        "km2/km2, km²/km², sq km/sq km, square kilometre, square kilometer",
    ),
    "cubic_metre": (
        "m3, m³, mét khối",
        "m3/m3, m³/m³, mètre cube/mètres cubes",
        "m3/m3, m³/m³, cubic metre, cubic meter",
    ),
}

PARTY_UNITS: Final = frozenset(
    {"company", "startup", "partner", "supplier", "organisation", "institution", "agency", "bank"}
    | {"city", "municipality", "government", "gouvernement", "country", "pays", "state", "ministry"}
)
"""Units that count parties: how many give or get something, not how much is given."""

# Longer words that begin like a unit and are none.
_NOT_UNITS: Final[Mapping[Language, str]] = {
    "vi": "trường hợp, trường phái, tấn công, cơ sở dữ liệu, điểm phần trăm, điểm cơ bản, điểm số,"
    " xã hội, hộ chiếu",
    "fr": "centres d'intérêt, postes de dépense, points de pourcentage",
    "en": "position paper, position papers, percentage points",
}


@dataclass(frozen=True, slots=True)
class UnitForm:
    """One written form of a unit: `unit` is None for words that only look like one."""

    unit: str | None
    measure: bool
    singular: bool
    plural: bool


def unit_forms(language: Language) -> dict[str, UnitForm]:
    """Return every written form of the language, in lower case."""
    column = ("vi", "fr", "en").index(language)
    forms = {form: UnitForm(None, False, True, True) for form in _NOT_UNITS[language].split(", ")}
    for table, measure in ((_NOUNS, False), (_MEASURES, True)):
        for unit, columns in table.items():
            for listed in columns[column].split(","):
                singular, _, plural = listed.strip().partition("/")
                plural = plural or (singular if language == "vi" else singular + "s")
                both = singular == plural
                forms[singular.lower()] = UnitForm(unit, measure, True, both)
                forms[plural.lower()] = UnitForm(unit, measure, both, True)
    return forms
