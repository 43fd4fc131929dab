/* Drawings of what stands in a kitchen. Rows in the order of drawings.def. */
#include "demo/draw.h"

#define STEAM(x, y)                                                                                          \
    "<path d='M" x " " y                                                                                     \
    "c-12-16 12-26 0-44m30 44c-12-16 12-26 0-44' fill='none' stroke='#fff' stroke-width='7' "                \
    "stroke-linecap='round' opacity='.75'/>"

const struct drawing draw_kitchen[] = {
    {
        /* mug */
        .back = "<path d='M258 164h30a42 42 0 0 1 0 90h-34' fill='none' stroke='$b' stroke-width='21'/>",
        .body = "M105 130H265V262A52 52 0 0 1 213 316H157A52 52 0 0 1 105 262Z",
        .front = "<ellipse cx='185' cy='130' rx='80' ry='15' fill='$c'/><ellipse cx='185' cy='131' rx='70' "
                 "ry='11' fill='$b'/>"
                 "<ellipse cx='185' cy='134' rx='64' ry='8' fill='$o'/>" STEAM("170", "108"),
        .shade_x = 232,
    },
    {
        /* espresso cup on its saucer */
        .back = "<ellipse cx='200' cy='307' rx='134' ry='18' fill='$b'/><ellipse cx='200' cy='300' rx='134' "
                "ry='17' fill='$c'/>"
                "<ellipse cx='200' cy='301' rx='84' ry='9' fill='$b' opacity='.5'/>"
                "<path d='M262 206h22a26 26 0 0 1 0 52h-32' fill='none' stroke='$b' stroke-width='15'/>",
        .body = "M120 188H272C272 262 242 302 196 302C150 302 120 262 120 188Z",
        .front = "<ellipse cx='196' cy='188' rx='76' ry='14' fill='$c'/><ellipse cx='196' cy='189' rx='67' "
                 "ry='10' fill='$b'/>"
                 "<ellipse cx='196' cy='191' rx='62' ry='8' fill='$o'/><ellipse cx='190' cy='190' rx='34' "
                 "ry='4' fill='#b9814f'/>" STEAM("182", "166"),
        .shade_x = 240,
    },
    {
        /* kettle with a swan's neck */
        .back = "<path d='M136 276C82 270 104 172 58 150' fill='none' stroke='$b' stroke-width='17' "
                "stroke-linecap='round'/>"
                "<path d='M262 176C352 150 356 282 280 282' fill='none' stroke='$k' stroke-width='17' "
                "stroke-linecap='round'/>",
        .body = "M140 166H266L289 300A18 18 0 0 1 270 318H136A18 18 0 0 1 117 300Z",
        .front = "<path d='M146 166C152 132 254 132 260 166Z' fill='$b'/><rect x='136' y='160' width='134' "
                 "height='10' rx='5' "
                 "fill='$c'/><circle cx='203' cy='132' r='12' fill='$w'/><path d='M122 304H285' stroke='$b' "
                 "stroke-width='6'/>",
        .shade_x = 246,
    },
    {
        /* teapot */
        .back = "<path d='M124 262C82 252 84 196 46 176L66 160C108 176 112 208 146 206Z' fill='$b'/>"
                "<path d='M278 196C352 168 356 286 274 282' fill='none' stroke='$b' stroke-width='18'/>",
        .body = "M200 152C272 152 302 198 302 240C302 292 262 318 200 318C138 318 98 292 98 240C98 198 128 "
                "152 200 152Z",
        .front =
            "<path d='M146 164C152 134 248 134 254 164Q200 178 146 164Z' fill='$c'/><path d='M146 164Q200 "
            "178 254 164' "
            "fill='none' stroke='$b' stroke-width='5'/><circle cx='200' cy='132' r='13' fill='$e'/>" STEAM(
                "44", "146"),
        .shade_x = 252,
    },
    {
        /* cafetière */
        .back = "<path d='M266 184H318V286H266' fill='none' stroke='$k' stroke-width='16' "
                "stroke-linejoin='round'/>",
        .body = "M128 138H272V312H128Z",
        .front =
            "<path d='M134 196H266V306H134Z' fill='$o'/><path d='M134 196H266V206H134Z' fill='#8a6247'/>"
            "<path d='M150 150V300' stroke='#fff' stroke-width='9' opacity='.45'/>"
            "<path d='M122 146H278M122 308H278M128 146V316M272 146V316' stroke='$a' stroke-width='13'/>"
            "<path d='M122 250H278' stroke='$a' stroke-width='7'/><path d='M126 138C132 112 268 112 274 "
            "138Z' fill='$b'/>"
            "<path d='M200 118V78' stroke='$n' stroke-width='7'/><circle cx='200' cy='70' r='15' fill='$k'/>",
        .fill = 'm',
    },
    {
        /* stove-top pot */
        .back =
            "<path d='M248 132H322V226' fill='none' stroke='$k' stroke-width='17' stroke-linejoin='round'/>"
            "<path d='M158 118L112 130L146 170Z' fill='$b'/>",
        .body = "M148 118H252L264 222L284 318H116L136 222Z",
        .front = "<path d='M178 118L166 222L156 318M222 118L234 222L244 318' fill='none' stroke='$b' "
                 "stroke-width='4' "
                 "opacity='.7'/><rect x='130' y='212' width='140' height='18' rx='6' fill='$b'/><path "
                 "d='M144 120L200 88L256 120Z' "
                 "fill='$c'/><circle cx='200' cy='84' r='11' fill='$k'/><circle cx='200' cy='268' r='8' "
                 "fill='$e'/>",
        .shade_x = 234,
    },
    {
        /* pour-over dripper on a glass server */
        .back = "<path d='M138 236H262L286 304Q200 328 114 304Z' fill='#e9f0ef'/><path d='M126 276H274L284 "
                "304Q200 326 116 304Z' "
                "fill='$o'/><path d='M272 252h30a22 22 0 0 1 2 44h-22' fill='none' stroke='$m' "
                "stroke-width='11'/>"
                "<path d='M112 132L134 104H266L288 132Z' fill='$p'/>",
        .body = "M102 130H298L242 232H158Z",
        .front = "<path d='M140 132L174 230M200 132V230M260 132L226 230' stroke='$b' stroke-width='4' "
                 "opacity='.6'/>"
                 "<rect x='124' y='226' width='152' height='15' rx='7' fill='$b'/><rect x='96' y='122' "
                 "width='208' height='14' "
                 "rx='7' fill='$c'/><path d='M200 246c-7 12-7 18 0 18s7-6 0-18' fill='$o'/>",
        .shade_x = 248,
    },
    {
        /* hand grinder */
        .back = "",
        .body = "M118 212H282V316H118Z",
        .front =
            "<path d='M138 208C138 146 262 146 262 208Z' fill='$a'/><path d='M222 162C254 172 262 190 262 "
            "208H228C230 190 230 "
            "174 222 162Z' fill='$b'/><path d='M200 158V112H292' fill='none' stroke='$n' stroke-width='10' "
            "stroke-linejoin='round'/><circle cx='294' cy='102' r='17' fill='$d'/><circle cx='294' cy='102' "
            "r='17' fill='none' "
            "stroke='$e' stroke-width='4'/><rect x='108' y='204' width='184' height='16' rx='5' "
            "fill='$x'/><rect x='148' "
            "y='244' width='104' height='50' rx='5' fill='$x'/><rect x='154' y='250' width='92' height='38' "
            "rx='3' "
            "fill='$w'/><circle cx='200' cy='269' r='8' fill='$m'/><rect x='110' y='308' width='180' "
            "height='12' rx='4' "
            "fill='$x'/>",
        .shade_x = 250,
        .fill = 'w',
    },
    {
        /* bag of coffee */
        .back = "",
        .body = "M122 130L140 108H260L278 130V306Q278 318 266 318H134Q122 318 122 306Z",
        .front =
            "<rect x='134' y='92' width='132' height='26' rx='4' fill='$b'/><path d='M140 122L128 140M260 "
            "122L272 140' "
            "stroke='$b' stroke-width='4'/><rect x='144' y='164' width='112' height='112' rx='8' fill='$p'/>"
            "<g fill='$o'><ellipse cx='182' cy='208' rx='17' ry='25' transform='rotate(-24 182 "
            "208)'/><ellipse cx='218' "
            "cy='220' rx='17' ry='25' transform='rotate(20 218 220)'/></g><path d='M174 188q14 18 16 40M226 "
            "200q-14 18-16 40' "
            "fill='none' stroke='#a8805f' stroke-width='4'/><path d='M164 258H236' stroke='$a' "
            "stroke-width='6'/>",
        .shade_x = 246,
    },
    {
        /* tea tin */
        .back = "",
        .body = "M128 150H272V306Q200 326 128 306Z",
        .front = "<path d='M120 124Q200 106 280 124V154Q200 170 120 154Z' fill='$b'/><ellipse cx='200' "
                 "cy='122' rx='80' ry='13' "
                 "fill='$c'/><circle cx='200' cy='236' r='45' fill='$p'/><path d='M200 266C170 244 176 212 "
                 "206 200C230 220 226 250 "
                 "200 266Z' fill='$g'/><path d='M200 270C198 246 200 226 205 208' fill='none' stroke='$h' "
                 "stroke-width='4'/>",
        .shade_x = 244,
    },
    {
        /* skillet with an egg */
        .back = "<path d='M268 232L366 176' stroke='$x' stroke-width='24' stroke-linecap='round'/><circle "
                "cx='360' cy='180' r='5' "
                "fill='$p'/>",
        .body = "M54 238A122 46 0 1 1 298 238C298 288 252 312 176 312C100 312 54 288 54 238Z",
        .front = "<ellipse cx='176' cy='236' rx='112' ry='39' fill='$k'/><ellipse cx='176' cy='240' rx='104' "
                 "ry='33' "
                 "fill='#514b48'/><path d='M116 238c4-20 36-14 56-20s52 0 50 18s-24 14-44 24s-66 4-62-22z' "
                 "fill='#fffdf6'/>"
                 "<ellipse cx='172' cy='236' rx='23' ry='13' fill='#f2b23e'/><ellipse cx='166' cy='232' "
                 "rx='7' ry='3' fill='#fbdc93'/>",
        .shade_x = 240,
    },
    {
        /* cocotte */
        .back = "<rect x='62' y='204' width='50' height='25' rx='12' fill='$b'/><rect x='288' y='204' "
                "width='50' height='25' "
                "rx='12' fill='$b'/>",
        .body = "M95 188H305V268Q305 318 253 318H147Q95 318 95 268Z",
        .front = "<path d='M88 190C88 148 140 130 200 130C260 130 312 148 312 190Z' fill='$c'/><path d='M88 "
                 "190C88 148 140 130 200 "
                 "130C178 146 150 160 148 190Z' fill='#fff' opacity='.16'/><rect x='84' y='184' width='232' "
                 "height='13' rx='6' "
                 "fill='$b'/><rect x='188' y='122' width='24' height='12' fill='$n'/><ellipse cx='200' "
                 "cy='118' rx='24' ry='10' "
                 "fill='$m'/>",
        .shade_x = 254,
    },
    {
        /* cook's knife on a board */
        .back = "<rect x='84' y='74' width='232' height='246' rx='22' fill='$w'/><path d='M104 84V312M142 "
                "76V318M262 76V318M296 "
                "84V312' stroke='$x' stroke-width='3' opacity='.35'/><circle cx='290' cy='100' r='10' "
                "fill='$1'/>",
        .body = "M176 96C238 122 250 184 248 226H176Z",
        .front = "<path d='M176 96V226H190C192 180 186 130 176 96Z' fill='$n' opacity='.5'/><rect x='174' "
                 "y='220' width='76' "
                 "height='16' rx='4' fill='$n'/><path d='M184 236H240V284Q240 308 214 308Q188 308 186 284Z' "
                 "fill='$a'/><g "
                 "fill='$m'><circle cx='212' cy='252' r='5'/><circle cx='212' cy='272' r='5'/><circle "
                 "cx='212' cy='292' r='5'/></g>",
        .fill = 'm',
    },
    {
        /* chopping board with lemons and herbs */
        .back = "",
        .body = "M112 84H288A22 22 0 0 1 310 106V298A22 22 0 0 1 288 320H112A22 22 0 0 1 90 298V106A22 22 0 "
                "0 1 112 84Z",
        .front = "<path d='M122 86V318M160 86V318M206 86V318M250 86V318M284 86V318' stroke='$x' "
                 "stroke-width='3' opacity='.3'/>"
                 "<circle cx='282' cy='112' r='11' fill='$1'/><g fill='#efc23c'><circle cx='166' cy='182' "
                 "r='38'/><circle cx='226' "
                 "cy='236' r='38'/></g><g fill='#fbeeb4'><circle cx='166' cy='182' r='31'/><circle cx='226' "
                 "cy='236' r='31'/></g>"
                 "<path d='M166 151V213M139 166L193 198M139 198L193 166M226 205V267M199 220L253 252M199 "
                 "252L253 220' "
                 "stroke='#efc23c' stroke-width='5'/><path d='M118 284C150 250 160 262 168 244M134 "
                 "268l-18-8M146 260l-4-20M132 "
                 "272l4 18' fill='none' stroke='$h' stroke-width='9' stroke-linecap='round'/><path d='M90 "
                 "292V298A22 22 0 0 0 112 "
                 "320H288A22 22 0 0 0 310 298V292Q200 306 90 292Z' fill='$a'/>",
        .fill = 'w',
    },
    {
        /* spoons in a jar */
        .back = "<g stroke='$w' stroke-width='12' stroke-linecap='round'><path d='M172 210L146 118'/><path "
                "d='M204 210V100' "
                "stroke='$x'/><path d='M232 210L262 128'/></g><ellipse cx='141' cy='98' rx='20' ry='32' "
                "transform='rotate(-15 141 "
                "98)' fill='$w'/><path d='M184 64H224V122Q204 136 184 122Z' fill='$x'/><path d='M262 130C238 "
                "104 262 58 286 62C306 "
                "84 298 120 262 130Z' fill='none' stroke='$n' stroke-width='5'/><path d='M262 130C256 104 "
                "270 80 286 62' fill='none' "
                "stroke='$n' stroke-width='5'/>",
        .body = "M124 192H276L266 308Q200 326 134 308Z",
        .front = "<ellipse cx='200' cy='192' rx='76' ry='13' fill='none' stroke='$c' stroke-width='8'/>",
        .shade_x = 244,
    },
    {
        /* mixing bowl */
        .back = "<path d='M236 178L318 82' stroke='$x' stroke-width='15' stroke-linecap='round'/>",
        .body = "M78 190H322C322 268 274 318 200 318C126 318 78 268 78 190Z",
        .front = "<ellipse cx='200' cy='190' rx='122' ry='27' fill='$c'/><ellipse cx='200' cy='191' rx='109' "
                 "ry='21' fill='$b'/>"
                 "<path d='M96 196C130 178 270 178 304 196C280 208 240 212 200 212S120 208 96 196Z' "
                 "fill='#f7e2b0'/><path d='M150 "
                 "198c20-10 60-10 84 0' fill='none' stroke='#e2c383' stroke-width='5'/><path d='M236 192L258 "
                 "166' stroke='$x' "
                 "stroke-width='15' stroke-linecap='round'/>",
        .shade_x = 262,
    },
    {
        /* plate with fork and knife */
        .back = "<g fill='none' stroke='$n' stroke-width='7' stroke-linecap='round'><path d='M52 190V310M36 "
                "112V150Q36 174 52 "
                "174T68 150V112M52 112V174'/><path d='M350 214V310'/></g><path d='M344 218V104C368 120 370 "
                "186 358 218Z' fill='$n'/>",
        .body = "M200 84A118 118 0 1 1 200 320A118 118 0 1 1 200 84Z",
        .front = "<circle cx='200' cy='202' r='82' fill='$c'/><circle cx='200' cy='202' r='82' fill='none' "
                 "stroke='$b' "
                 "stroke-width='3' opacity='.6'/><path d='M162 240C190 226 216 196 232 160M186 "
                 "222c-2-20-12-26-26-28c2 18 10 28 26 "
                 "28zM206 200c-4-20-14-26-28-28c2 18 12 28 28 28zM208 204c18 4 28-2 36-14c-18-4-30 2-36 "
                 "14zM188 226c16 6 28 0 "
                 "38-10c-18-6-30 0-38 10z' fill='$g' stroke='$h' stroke-width='3'/>",
        .shade_x = 280,
    },
    {
        /* two tumblers */
        .back = "<path d='M218 168H318L306 312Q268 320 230 312Z' fill='$c' opacity='.55'/><path d='M223 "
                "226H313L306 312Q268 320 230 "
                "312Z' fill='$a' opacity='.55'/><ellipse cx='268' cy='168' rx='50' ry='9' fill='#fff' "
                "opacity='.6'/>",
        .body = "M98 142H222L206 312Q160 322 114 312Z",
        .front =
            "<path d='M104 206H216L206 312Q160 322 114 312Z' fill='$a' opacity='.55'/><ellipse cx='160' "
            "cy='206' rx='56' "
            "ry='9' fill='$a' opacity='.6'/><ellipse cx='160' cy='142' rx='62' ry='11' fill='#fff' "
            "opacity='.7'/><path d='M118 "
            "160L126 296' stroke='#fff' stroke-width='8' opacity='.6'/><circle cx='218' cy='140' r='32' "
            "fill='#efc23c'/>"
            "<circle cx='218' cy='140' r='25' fill='#fbeeb4'/><path d='M218 115V165M196 128L240 152M196 "
            "152L240 128' "
            "stroke='#efc23c' stroke-width='4'/><path d='M140 306L196 92' stroke='$e' stroke-width='7'/>",
        .fill = 'p',
    },
    {
        /* carafe */
        .back = "",
        .body = "M166 100H234V152C234 184 292 202 292 262C292 304 262 318 200 318C138 318 108 304 108 "
                "262C108 202 166 184 166 "
                "152Z",
        .front = "<path d='M122 222C140 214 170 230 200 222S262 214 278 222C290 236 292 250 292 262C292 304 "
                 "262 318 200 318C138 "
                 "318 108 304 108 262C108 250 112 236 122 222Z' fill='$a' opacity='.72'/><path d='M132 "
                 "250C134 230 146 214 160 "
                 "202' fill='none' stroke='#fff' stroke-width='9' stroke-linecap='round' opacity='.7'/><rect "
                 "x='158' y='94' "
                 "width='84' height='13' rx='6' fill='$c'/><path d='M172 62H228L222 96H178Z' "
                 "fill='$w'/><ellipse cx='200' cy='62' "
                 "rx='28' ry='7' fill='$x'/><circle cx='180' cy='274' r='5' fill='#fff' "
                 "opacity='.6'/><circle cx='226' cy='258' "
                 "r='4' fill='#fff' opacity='.6'/>",
        .fill = 'p',
        .shade_x = 256,
    },
    {
        /* tea towel on a rail */
        .back = "<rect x='66' y='92' width='268' height='12' rx='6' fill='$x'/><circle cx='66' cy='98' "
                "r='12' fill='$x'/><circle "
                "cx='334' cy='98' r='12' fill='$x'/><path d='M210 100H292V262H210Z' fill='$b'/>",
        .body = "M112 100Q112 90 124 90H258Q268 90 268 100V304Q190 320 112 304Z",
        .front = "<path d='M112 286Q190 302 268 286' fill='none' stroke='$e' stroke-width='4' "
                 "stroke-dasharray='9 6'/><path d='M112 "
                 "116H268' stroke='$b' stroke-width='3' opacity='.6'/>",
        .shade_x = 232,
        .hangs = true,
    },
    {
        /* apron */
        .back = "<path d='M160 112C150 30 250 30 240 112' fill='none' stroke='$b' stroke-width='9'/><path "
                "d='M104 190L60 214M296 "
                "190L340 214' stroke='$b' stroke-width='9' stroke-linecap='round'/>",
        .body = "M158 104H242L254 176H296Q304 250 310 318H90Q96 250 104 176H146Z",
        .front = "<path d='M140 222H260V270Q260 284 246 284H154Q140 284 140 270Z' fill='$b'/><path d='M140 "
                 "232H260M200 222V284' "
                 "stroke='$d' stroke-width='3' stroke-dasharray='7 5'/><path d='M160 116H240' stroke='$d' "
                 "stroke-width='4' "
                 "stroke-dasharray='7 5'/>",
        .shade_x = 254,
        .hangs = true,
    },
};
