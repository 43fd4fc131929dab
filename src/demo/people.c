/* Made-up people: names, addresses and telephone numbers that look real and belong to nobody (numbers from
 * ranges kept for fiction, e-mail under reserved domains). Long names, apostrophes and other scripts are
 * among them on purpose. */
#include "demo/inside.h"
#include "i18n/i18n.h"

typedef const char *const words[];

static words nl_first = {
    "Sanne",
    "Daan",
    "Emma",
    "Sem",
    "Fleur",
    "Bram",
    "Lotte",
    "Thijs",
    "Zoë",
    "Jeroen",
    "Anouk",
    "Maarten",
    "Renée",
    "Joris",
    "Femke",
    "Ruben",
    "Marieke",
    "Pieter-Jan",
    "Noëlle",
    "Wouter",
    "Saskia",
    "Gijs",
    "Iris",
    "Floris",
    "Hanneke",
    "Niels",
    "Roos",
    "Casper",
    "Tess",
    "Sjoerd",
    "Maud",
    "Teun",
    "Evi",
    "Willem",
    "Jikke",
    "Koen",
    "Maria Wilhelmina Catharina",
    "Loïs",
    "Hidde",
    "Yara",
    "Mehmet",
    "Fatima",
    "Youssef",
    "Ayşe",
    "Indra",
    "Rajiv",
};
static words nl_last = {
    "de Vries",
    "Jansen",
    "van den Berg",
    "Bakker",
    "van Dijk",
    "Visser",
    "Smit",
    "Meijer",
    "de Boer",
    "Mulder",
    "de Groot",
    "Bos",
    "Vos",
    "Peters",
    "Hendriks",
    "van Leeuwen",
    "Dekker",
    "Brouwer",
    "de Wit",
    "Dijkstra",
    "Smits",
    "de Graaf",
    "van der Meer",
    "van der Linden",
    "Kok",
    "Jacobs",
    "de Haan",
    "Vermeulen",
    "van den Heuvel",
    "van der Veen",
    "van den Broek",
    "de Bruijn",
    "Schouten",
    "van Beek",
    "Willems",
    "van Vliet",
    "van de Ven",
    "Hoekstra",
    "Maas",
    "Verhoeven",
    "'t Hart",
    "Koster",
    "Prins",
    "Postma",
    "in 't Veld",
    "Yılmaz",
    "El Idrissi",
    "Ramdin",
    "van Heemstra tot Oudegein-Achttienhoven",
    "Ruijs de Beerenbrouck",
};
static words gb_first = {
    "Oliver",    "Amelia",  "George",   "Isla",     "Harry", "Ava",     "Noah",     "Mia",   "Jack",
    "Ivy",       "Charlie", "Freya",    "Siobhán",  "Rhys",  "Eleanor", "Callum",   "Niamh", "Priya",
    "Oluwaseun", "Hamza",   "Beatrice", "Alistair", "Gwen",  "Tobias",  "Margaret", "Dev",
};
static words gb_last = {
    "Smith",           "Jones",    "Taylor",         "Brown",   "Williams",
    "Wilson",          "Johnson",  "Davies",         "Patel",   "Robinson",
    "Wright",          "Thompson", "Evans",          "Walker",  "White",
    "Roberts",         "Green",    "Hall",           "Wood",    "Jackson",
    "Clarke",          "O'Neill",  "MacDonald",      "Okonkwo", "Featherstonehaugh",
    "St. John-Smythe", "Singh",    "Ó Súilleabháin",
};
static words de_first = {"Jürgen",   "Anke",  "Lukas", "Greta",  "Björn",      "Käthe",
                         "Matthias", "Heike", "Jörg",  "Leonie", "Karl-Heinz", "Mareike"};
static words de_last = {
    "Müller",   "Schmidt", "Schneider", "Fischer", "Weiß",  "Krüger",
    "Schröder", "Köhler",  "von Braun", "Groß",    "Jäger", "Wolfeschlegelsteinhausenbergerdorff",
};
static words fr_first = {"Françoise", "Élodie", "Mathéo", "Chloé", "Benoît",  "Inès",
                         "Jérôme",    "Maëlle", "Anaïs",  "Loïc",  "Thérèse", "Étienne"};
static words fr_last = {
    "Lefèvre", "Dubois",    "Peeters",     "Claes",    "Maes", "Lambert",
    "d'Hondt", "Géricault", "de la Croix", "Gauthier", "Noël", "Vandenbroucke",
};
static words eu_first = {
    "Søren",  "Åsa",    "Łukasz",   "Żaneta", "Dimitrios", "Iñigo",      "Ana Sofía", "João",
    "Zsófia", "Ondřej", "Πηνελόπη", "Milica", "Øyvind",    "Nguyễn Thị", "Ásgerður",  "Олена",
};
static words eu_last = {
    "Ångström",   "Kowalczyk", "Papadopoulos", "García Márquez", "da Conceição",
    "Nagy",       "Dvořák",    "Παπαδοπούλου", "Đorđević",       "Bjørnstad",
    "Þórsdóttir", "Шевченко",  "Etxeberria",   "Søndergaard",
};

static words nl_street = {
    "Dorpsstraat",
    "Kerkstraat",
    "Molenweg",
    "Prinsengracht",
    "Nieuwe Binnenweg",
    "Lange Nieuwstraat",
    "Schoolstraat",
    "Wilhelminalaan",
    "Stationsweg",
    "Oudegracht",
    "Beethovenstraat",
    "Zeedijk",
    "Burgemeester de Monchyplein",
    "Appelhof",
    "Zuiderkruis",
    "Havenkade",
};
static words gb_street = {
    "High Street", "Station Road",     "Church Lane", "Victoria Road",
    "Mill Lane",   "Queen's Crescent", "Orchard Way", "The Green",
};
static words de_street = {"Hauptstraße",   "Gartenweg",   "Lindenallee",
                          "Bahnhofstraße", "Am Mühlbach", "Schillerplatz"};
static words fr_street = {"Rue de l'Église", "Avenue des Tilleuls", "Chaussée d'Ixelles", "Rue du Marché",
                          "Quai Saint-Léonard"};
static words eu_street = {"Storgatan",      "Ulica Długa", "Calle Mayor",
                          "Rua das Flores", "Fő utca",     "Nørregade"};

struct town {
    const char *city, *region, *postcode; /* '#' a digit, '@' a letter */
    const char *country;
};

static const struct town nl_towns[] = {
    {"Amsterdam", "Noord-Holland", "10## @@", "NL"}, {"Utrecht", "Utrecht", "35## @@", "NL"},
    {"Rotterdam", "Zuid-Holland", "30## @@", "NL"},  {"Den Haag", "Zuid-Holland", "25## @@", "NL"},
    {"Groningen", "Groningen", "97## @@", "NL"},     {"Eindhoven", "Noord-Brabant", "56## @@", "NL"},
    {"Zwolle", "Overijssel", "80## @@", "NL"},       {"Maastricht", "Limburg", "62## @@", "NL"},
    {"Leeuwarden", "Fryslân", "89## @@", "NL"},      {"'s-Hertogenbosch", "Noord-Brabant", "52## @@", "NL"},
    {"Arnhem", "Gelderland", "68## @@", "NL"},       {"Middelburg", "Zeeland", "43## @@", "NL"},
    {"Haarlem", "Noord-Holland", "20## @@", "NL"},   {"Alphen aan den Rijn", "Zuid-Holland", "24## @@", "NL"},
};
static const struct town gb_towns[] = {
    {"London", "Greater London", "SE1# #@@", "GB"}, {"Bristol", "Somerset", "BS# #@@", "GB"},
    {"Edinburgh", "Midlothian", "EH# #@@", "GB"},   {"Leeds", "West Yorkshire", "LS# #@@", "GB"},
    {"Cardiff", "Glamorgan", "CF1# #@@", "GB"},     {"Norwich", "Norfolk", "NR# #@@", "GB"},
};
static const struct town de_towns[] = {
    {"Köln", "Nordrhein-Westfalen", "50###", "DE"},
    {"München", "Bayern", "80###", "DE"},
    {"Lübeck", "Schleswig-Holstein", "235##", "DE"},
    {"Görlitz", "Sachsen", "028##", "DE"},
};
static const struct town fr_towns[] = {
    {"Gent", "Oost-Vlaanderen", "90##", "BE"},
    {"Liège", "Liège", "40##", "BE"},
    {"Lille", "Hauts-de-France", "5####", "FR"},
    {"Orléans", "Centre-Val de Loire", "450##", "FR"},
};
static const struct town eu_towns[] = {
    {"Göteborg", "", "41# ##", "SE"},        {"Gdańsk", "Pomorskie", "80-###", "PL"},
    {"Donostia", "Gipuzkoa", "200##", "ES"}, {"Coimbra", "", "30##-###", "PT"},
    {"Pécs", "Baranya", "76##", "HU"},       {"Aarhus", "", "8###", "DK"},
};

#define LIST(a) a, COUNT_OF(a)
static const struct land {
    size_t weight; /* of 100 */
    const char *const *first;
    size_t first_n;
    const char *const *last;
    size_t last_n;
    const char *const *street;
    size_t street_n;
    const struct town *town;
    size_t town_n;
    const char *phone; /* '#' a digit */
    bool number_first; /* "12 High Street" */
} lands[] = {
    {62, LIST(nl_first), LIST(nl_last), LIST(nl_street), LIST(nl_towns), "+31 20 555 ####", false},
    {18, LIST(gb_first), LIST(gb_last), LIST(gb_street), LIST(gb_towns), "+44 7700 900 ###", true},
    {7, LIST(de_first), LIST(de_last), LIST(de_street), LIST(de_towns), "+49 30 23125 ###", false},
    {7, LIST(fr_first), LIST(fr_last), LIST(fr_street), LIST(fr_towns), "+33 1 99 00 ## ##", true},
    {6, LIST(eu_first), LIST(eu_last), LIST(eu_street), LIST(eu_towns), "+46 31 390 06 ##", false},
};

static words companies = {
    "Bakkerij De Korenaar",    "Studio Noord B.V.", "Whitfield & Daughters Ltd", "Café 't Hoekje",
    "Huisartsenpraktijk Zuid", "Tanaka Interiors",  "Hotel \"De Gouden Leeuw\"", "<Angle> Design Agency",
};
static words extras = {"2e verdieping", "Apt. 4B", "achterom", "Flat 12", "bis", "c/o Receptie"};

static str pick(struct demo_dice *d, const char *const *list, size_t n) {
    return str_c(list[demo_roll(d, n)]);
}

/* Digits for '#', letters (those that Dutch postcodes have) for '@'. */
static str fill_in(struct arena *a, struct demo_dice *d, const char *form) {
    static const char letters[] = "ABDEGHJKLNPRSTVWXZ";
    size_t n = strlen(form);
    char *out = arena_cstr(a, str_c(form));
    for (size_t i = 0; i < n; i++) {
        if (form[i] == '#') out[i] = (char)('0' + demo_roll(d, 10));
        if (form[i] == '@') out[i] = letters[demo_roll(d, sizeof letters - 1)];
    }
    return (str){out, n};
}

static struct demo_address make_address(struct arena *a, struct demo_dice *d, const struct land *land) {
    const struct town *town = &land->town[demo_roll(d, land->town_n)];
    str street = pick(d, land->street, land->street_n);
    int number = (int)(1 + demo_roll(d, 240));
    return (struct demo_address){
        .company = demo_chance(d, 9) ? pick(d, LIST(companies)) : S(""),
        .street1 = land->number_first ? arena_printf(a, "%d %.*s", number, STR_ARG(street))
                                      : arena_printf(a, "%.*s %d", STR_ARG(street), number),
        .street2 = demo_chance(d, 12) ? pick(d, LIST(extras)) : S(""),
        .postcode = fill_in(a, d, town->postcode),
        .city = str_c(town->city),
        .region = str_c(town->region),
        .country = str_c(town->country),
        .telephone = fill_in(a, d, land->phone),
    };
}

/* "Noëlle van 't Hart" gives "noelle.vanthart"; letters of other scripts fall away. */
static str mail_name(struct arena *a, str firstname, str lastname) {
    str folded = i18n_fold(a, ARENA_CAT(a, firstname, S("."), lastname));
    char *out = arena_alloc(a, folded.n + 5);
    size_t n = 0;
    for (size_t i = 0; i < folded.n && n < 40; i++) {
        char c = folded.p[i];
        bool letter = c >= 'a' && c <= 'z';
        if (letter || (c == '.' && n > 0 && out[n - 1] != '.')) out[n++] = c;
    }
    while (n > 0 && out[n - 1] == '.')
        n--;
    return n < 3 ? S("klant") : (str){out, n};
}

struct demo_person demo_person_make(struct arena *a, struct demo_dice *d) {
    size_t n = demo_roll(d, 100), i = 0;
    while (n >= lands[i].weight)
        n -= lands[i++].weight;
    const struct land *land = &lands[i];
    struct demo_person p = {
        .firstname = pick(d, land->first, land->first_n),
        .lastname = pick(d, land->last, land->last_n),
        .dutch = i == 0,
    };
    p.mail_name = mail_name(a, p.firstname, p.lastname);
    p.address[0] = make_address(a, d, land);
    p.address[1] = make_address(a, d, land);
    return p;
}

str demo_person_email(struct arena *a, struct demo_dice *d, const struct demo_person *p, i64 number) {
    static words domains = {"example.com", "example.org", "example.net", "mail.example"};
    return arena_printf(a, "%.*s%lld@%s", STR_ARG(p->mail_name), (long long)number,
                        domains[demo_roll(d, COUNT_OF(domains))]);
}
