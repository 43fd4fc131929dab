/* Drawings of what makes a room a home. Rows in the order of drawings.def. */
#include "demo/draw.h"

#define POT_RIM "<rect x='124' y='206' width='152' height='28' rx='7' fill='$b'/>"
#define POT     "M132 222H268L252 308Q250 318 240 318H160Q150 318 148 308Z"

const struct drawing draw_home[] = {
    {
        /* table lamp */
        .back = "<path d='M96 208H304L350 318H50Z' fill='#fff3c9' opacity='.55'/><rect x='191' y='196' "
                "width='18' height='112' "
                "fill='$w'/><path d='M140 318Q140 298 200 298T260 318Z' fill='$x'/><path d='M236 208V250' "
                "stroke='$n' "
                "stroke-width='3'/><circle cx='236' cy='254' r='5' fill='$n'/>",
        .body = "M150 88H250L298 206H102Z",
        .front = "<ellipse cx='200' cy='206' rx='98' ry='12' fill='#fff1c4'/><path d='M150 88H250' "
                 "stroke='$b' stroke-width='6'/>",
        .shade_x = 250,
    },
    {
        /* pendant lamp */
        .back = "<path d='M200 0V116' stroke='$k' stroke-width='5'/><path d='M84 246H316L376 400H24Z' "
                "fill='#fff3c9' "
                "opacity='.55'/><circle cx='200' cy='250' r='27' fill='#ffe3a0'/>",
        .body = "M200 112C276 112 312 178 320 244H80C88 178 124 112 200 112Z",
        .front = "<path d='M80 244H320' stroke='$b' stroke-width='9' stroke-linecap='round'/><path d='M178 "
                 "120H222L214 92H186Z' "
                 "fill='$w'/>",
        .shade_x = 256,
        .hangs = true,
    },
    {
        /* floor lamp on three legs */
        .back = "<path d='M112 166H288L330 318H70Z' fill='#fff3c9' opacity='.5'/><path d='M200 170L142 "
                "320M200 170L258 320M200 "
                "170V312' stroke='$x' stroke-width='11' stroke-linecap='round'/><path d='M166 250H236' "
                "stroke='$w' "
                "stroke-width='6'/>",
        .body = "M142 62H258L288 170H112Z",
        .front =
            "<ellipse cx='200' cy='170' rx='88' ry='10' fill='#fff1c4'/><path d='M142 62H258' stroke='$b' "
            "stroke-width='5'/>",
        .shade_x = 246,
    },
    {
        /* lantern */
        .back = "<circle cx='200' cy='84' r='22' fill='none' stroke='$b' stroke-width='8'/><circle cx='200' "
                "cy='224' r='120' "
                "fill='#fff0bd' opacity='.5'/>",
        .body = "M138 150H262V306H138Z",
        .front = "<rect x='172' y='236' width='56' height='68' rx='4' fill='$p'/><path d='M200 236V224' "
                 "stroke='$k' "
                 "stroke-width='4'/><path d='M200 226C180 210 196 194 200 172C208 194 220 210 200 226Z' "
                 "fill='#f3a93a'/><path "
                 "d='M200 224C192 214 198 206 200 196C204 206 210 214 200 224Z' fill='#fde39b'/><path "
                 "d='M138 150H262V306H138ZM138 "
                 "228H262' fill='none' stroke='$a' stroke-width='11'/><path d='M120 154L176 100H224L280 "
                 "154Z' fill='$a'/><path "
                 "d='M224 100L280 154H230Z' fill='$b'/><rect x='120' y='302' width='160' height='17' rx='6' "
                 "fill='$b'/>",
        .fill = 'p',
    },
    {
        /* candle in a glass */
        .back = "<circle cx='200' cy='136' r='88' fill='#fff0bd' opacity='.55'/>",
        .body = "M128 190H272V296Q272 318 250 318H150Q128 318 128 296Z",
        .front = "<ellipse cx='200' cy='190' rx='72' ry='15' fill='$c'/><ellipse cx='200' cy='192' rx='62' "
                 "ry='11' fill='$p'/>"
                 "<path d='M200 192V168' stroke='$k' stroke-width='5'/><path d='M200 174C174 152 194 130 200 "
                 "96C210 130 228 152 200 "
                 "174Z' fill='#f3a93a'/><path d='M200 172C188 158 196 144 200 128C206 144 212 158 200 172Z' "
                 "fill='#fde39b'/><rect "
                 "x='158' y='232' width='84' height='52' rx='5' fill='$p'/><path d='M174 250H226M184 "
                 "266H216' stroke='$e' "
                 "stroke-width='5'/>",
        .shade_x = 240,
    },
    {
        /* cushion */
        .back = "",
        .body = "M84 104Q200 130 316 104Q300 210 316 316Q200 292 84 316Q100 210 84 104Z",
        .front = "<path d='M84 104Q200 130 316 104Q300 210 316 316Q200 292 84 316Q100 210 84 104Z' "
                 "fill='none' stroke='$b' "
                 "stroke-width='6' stroke-linejoin='round'/><path d='M112 132Q130 140 150 140M288 288Q270 "
                 "280 250 280' fill='none' "
                 "stroke='$b' stroke-width='4' stroke-linecap='round' opacity='.6'/>",
        .shade_x = 266,
    },
    {
        /* folded throw */
        .back = "<path d='M88 180H62M88 192H62M88 204H62M88 230H62M88 242H62M88 254H62M88 282H62M88 "
                "294H62M88 306H62' stroke='$e' "
                "stroke-width='4'/>",
        .body = "M86 166H296A25 25 0 0 1 296 216H86ZM86 219H304A25 25 0 0 1 304 268H86ZM86 271H298A24 24 0 0 "
                "1 298 319H86Z",
        .front = "<path d='M86 217H308M86 269H312' stroke='$b' stroke-width='5'/><path d='M86 190H300M86 "
                 "244H308M86 296H300' "
                 "stroke='#fff' stroke-width='2' opacity='.25'/>",
        .shade_x = 286,
    },
    {
        /* rug */
        .back = "<path d='M112 146V130M134 146V130M156 146V130M178 146V130M200 146V130M222 146V130M244 "
                "146V130M266 146V130M288 "
                "146V130M54 312L48 334M90 312L86 334M126 312L123 334M162 312L160 334M200 312V334M238 312L240 "
                "334M274 312L277 "
                "334M310 312L314 334M346 312L352 334' stroke='$e' stroke-width='5'/>",
        .body = "M108 146H292L352 312H48Z",
        .front = "<path d='M122 162H278L324 296H76Z' fill='none' stroke='$b' stroke-width='6'/><path d='M200 "
                 "184L240 228L200 "
                 "276L160 228Z' fill='$c'/><path d='M200 202L222 228L200 256L178 228Z' fill='$b'/>",
        .hangs = true,
    },
    {
        /* snake plant */
        .back = "<path d='M160 220C130 160 142 110 128 74C166 110 184 160 184 220Z' fill='$h'/><path d='M240 "
                "220C270 160 258 118 "
                "276 84C234 116 216 160 216 220Z' fill='$h'/><path d='M178 220C160 140 196 90 196 40C226 90 "
                "236 150 222 220Z' "
                "fill='$g'/><path d='M197 66C200 120 204 160 200 216M146 112C158 150 166 180 172 216M260 "
                "118C246 150 236 180 230 "
                "216' fill='none' stroke='#a9c78f' stroke-width='5' stroke-linecap='round'/>",
        .body = POT,
        .front = POT_RIM,
        .shade_x = 236,
    },
    {
        /* leafy plant */
        .back = "<path d='M200 220V96M200 190C170 176 146 150 138 120M200 180C236 166 258 138 262 104' "
                "fill='none' stroke='$h' "
                "stroke-width='7'/><g fill='$g'><path d='M200 112C164 92 170 54 200 34C230 54 236 92 200 "
                "112Z'/><path d='M148 "
                "144C104 146 88 114 96 86C130 88 152 108 148 144Z'/><path d='M252 128C250 92 274 72 308 "
                "72C312 106 292 130 252 "
                "128Z'/></g><g fill='$h'><path d='M186 194C146 208 114 190 104 162C140 152 172 162 186 "
                "194Z'/><path d='M214 "
                "186C228 152 262 146 294 160C282 192 252 206 214 186Z'/></g><path d='M200 104V52M142 138L108 "
                "98M258 122L296 "
                "84M178 188L122 168M222 182L280 166' stroke='#a9c78f' stroke-width='3'/>",
        .body = POT,
        .front = POT_RIM,
        .shade_x = 236,
    },
    {
        /* hanging plant */
        .back = "<path d='M200 0V46L134 180M200 46L266 180' fill='none' stroke='$x' "
                "stroke-width='5'/><circle cx='200' cy='46' "
                "r='9' fill='$w'/><path d='M140 170C150 130 170 150 182 128C192 152 214 118 226 146C244 132 "
                "256 150 262 170Z' "
                "fill='$g'/>",
        .body = "M122 168H278C278 234 246 262 200 262C154 262 122 234 122 168Z",
        .front = "<rect x='114' y='160' width='172' height='19' rx='9' fill='$c'/><g fill='none' stroke='$h' "
                 "stroke-width='5'><path "
                 "d='M138 172C120 230 142 280 124 344'/><path d='M176 174C170 240 190 270 178 330'/><path "
                 "d='M238 174C250 230 230 "
                 "290 246 358'/><path d='M266 172C286 220 268 260 284 310'/></g><path d='M128 214h1M136 "
                 "252h1M134 290h1M124 "
                 "336h1M172 222h1M184 262h1M182 300h1M178 326h1M244 216h1M238 258h1M236 300h1M246 346h1M274 "
                 "210h1M276 252h1M284 "
                 "300h1' stroke='$g' stroke-width='23' stroke-linecap='round'/>",
        .shade_x = 240,
        .hangs = true,
    },
    {
        /* vase with flowers */
        .back = "<path d='M192 170C176 130 160 120 150 96M200 170V70M208 170C226 134 244 120 256 104' "
                "fill='none' stroke='$h' "
                "stroke-width='6'/><path d='M182 138c-22 2-34-8-40-24c22-2 36 6 40 24zM216 140c4-20 20-26 "
                "40-22c-4 18-20 26-40 22z' "
                "fill='$g'/><g fill='none' stroke-width='26' stroke-linecap='round' stroke-dasharray='0 "
                "29'><circle cx='200' "
                "cy='62' r='23' stroke='$p'/><circle cx='146' cy='92' r='19' stroke='$d'/><circle cx='262' "
                "cy='96' r='19' "
                "stroke='$d'/></g><g fill='#e9a93c'><circle cx='200' cy='62' r='16'/><circle cx='146' "
                "cy='92' r='13'/><circle "
                "cx='262' cy='96' r='13'/></g>",
        .body = "M164 156H236C230 188 278 206 278 258C278 302 246 318 200 318C154 318 122 302 122 258C122 "
                "206 170 188 164 156Z",
        .front = "<ellipse cx='200' cy='157' rx='38' ry='8' fill='$b'/>",
        .shade_x = 244,
    },
    {
        /* chair */
        .back = "<path d='M148 236L132 314M252 236L268 314' stroke='$x' stroke-width='11' "
                "stroke-linecap='round'/><path d='M122 "
                "236L98 318M278 236L302 318' stroke='$w' stroke-width='14' stroke-linecap='round'/><path "
                "d='M112 286H288' "
                "stroke='$x' stroke-width='7'/>",
        .body = "M126 88Q200 66 274 88Q282 150 264 202Q300 206 298 232Q200 254 102 232Q100 206 136 202Q118 "
                "150 126 88Z",
        .front = "<path d='M136 202Q200 216 264 202Q300 206 298 232Q200 254 102 232Q100 206 136 202Z' "
                 "fill='$c'/><path d='M136 "
                 "202Q200 216 264 202' fill='none' stroke='$b' stroke-width='5'/>",
        .shade_x = 250,
    },
    {
        /* stool */
        .back = "<path d='M150 186L118 318M250 186L282 318' stroke='$w' stroke-width='15' "
                "stroke-linecap='round'/><path d='M200 "
                "186V310' stroke='$x' stroke-width='13' stroke-linecap='round'/><path d='M134 264H266' "
                "stroke='$x' "
                "stroke-width='9'/>",
        .body = "M122 150H278Q300 150 300 170T278 194H122Q100 194 100 172T122 150Z",
        .front = "<path d='M104 184Q200 200 296 184' fill='none' stroke='$b' stroke-width='5'/>",
        .shade_x = 264,
    },
    {
        /* wall clock */
        .back = "<circle cx='206' cy='206' r='126' fill='#2a1c14' opacity='.14'/>",
        .body = "M200 76A122 122 0 1 1 200 320A122 122 0 1 1 200 76Z",
        .front = "<circle cx='200' cy='198' r='100' fill='$p'/><circle cx='200' cy='198' r='86' fill='none' "
                 "stroke='$k' "
                 "stroke-width='12' stroke-dasharray='4 41.03' stroke-dashoffset='2'/><path d='M200 198L158 "
                 "160' stroke='$k' "
                 "stroke-width='10' stroke-linecap='round'/><path d='M200 198L254 158' stroke='$k' "
                 "stroke-width='6' "
                 "stroke-linecap='round'/><path d='M190 186L226 256' stroke='$a' stroke-width='3'/><circle "
                 "cx='200' cy='198' r='8' "
                 "fill='$a'/>",
        .shade_x = 268,
        .hangs = true,
    },
};
