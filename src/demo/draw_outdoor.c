/* Drawings of what goes outside. Rows in the order of drawings.def. */
#include "demo/draw.h"

const struct drawing draw_outdoor[] = {
    {
        /* watering can */
        .back = "<path d='M140 284L66 168' stroke='$b' stroke-width='19'/><ellipse cx='60' cy='158' rx='32' "
                "ry='12' "
                "transform='rotate(-34 60 158)' fill='$c'/><path d='M258 178C350 120 362 288 266 292' "
                "fill='none' stroke='$b' "
                "stroke-width='14'/><path d='M36 176l-10 16M50 186l-10 16M32 204l-8 14' stroke='#7db3c9' "
                "stroke-width='5' "
                "stroke-linecap='round'/>",
        .body = "M128 176H272V300Q272 318 254 318H146Q128 318 128 300Z",
        .front = "<ellipse cx='200' cy='176' rx='72' ry='14' fill='$c'/><ellipse cx='200' cy='177' rx='60' "
                 "ry='9' fill='$b'/><path "
                 "d='M146 172C150 110 250 110 254 172' fill='none' stroke='$c' stroke-width='11'/>",
        .shade_x = 242,
    },
    {
        /* trowel and hand fork */
        .back = "<rect x='131' y='86' width='30' height='92' rx='14' fill='$w'/><rect x='239' y='86' "
                "width='30' height='92' rx='14' "
                "fill='$w'/><path d='M146 178V206M254 178V214' stroke='$n' stroke-width='11'/><g fill='none' "
                "stroke='$n' "
                "stroke-width='12' stroke-linecap='round'><path d='M222 316V250Q222 226 254 226T286 "
                "250V316M254 226V316'/></g>",
        .body = "M112 206H180V240Q178 296 146 320Q114 296 112 240Z",
        .front = "<path d='M146 214V300' stroke='$b' stroke-width='5' opacity='.7'/><path d='M131 "
                 "104H161M131 162H161M239 "
                 "104H269M239 162H269' stroke='$e' stroke-width='8'/>",
        .shade_x = 156,
    },
    {
        /* bird house */
        .back = "<rect x='190' y='300' width='20' height='100' fill='$x'/>",
        .body = "M128 172L200 96L272 172V312H128Z",
        .front = "<path d='M128 220H272M128 266H272' stroke='$b' stroke-width='3' opacity='.6'/><path "
                 "d='M108 184L200 88L292 184' "
                 "fill='none' stroke='$x' stroke-width='22' stroke-linejoin='round' "
                 "stroke-linecap='round'/><circle cx='200' "
                 "cy='206' r='29' fill='$k'/><circle cx='200' cy='206' r='29' fill='none' stroke='$d' "
                 "stroke-width='7'/><rect "
                 "x='195' y='250' width='10' height='26' rx='5' fill='$w'/><rect x='118' y='304' width='164' "
                 "height='15' rx='5' "
                 "fill='$w'/><path d='M236 304c-4-26 12-42 34-40l16 6l-12 6c2 18-12 30-38 28z' "
                 "fill='#6a8fa3'/><circle cx='268' "
                 "cy='272' r='3' fill='$k'/>",
        .shade_x = 240,
        .hangs = true,
    },
    {
        /* tote bag */
        .back = "<path d='M150 176C146 60 254 60 250 176' fill='none' stroke='$b' stroke-width='13'/>",
        .body = "M106 156H294L306 308Q306 318 296 318H104Q94 318 94 308Z",
        .front = "<path d='M106 170H294' stroke='$b' stroke-width='4' stroke-dasharray='9 6'/><path d='M152 "
                 "156V190M248 156V190' "
                 "stroke='$c' stroke-width='15'/><path d='M200 296C196 262 198 240 204 214M199 268c-24 "
                 "2-36-10-38-28c22-2 36 8 38 "
                 "28zM201 250c18-2 32-14 32-34c-22 2-34 14-32 34z' fill='$d' stroke='$d' stroke-width='5' "
                 "stroke-linecap='round'/>",
        .shade_x = 258,
    },
    {
        /* backpack */
        .back = "<path d='M168 104C168 62 232 62 232 104' fill='none' stroke='$b' stroke-width='12'/><path "
                "d='M122 190C88 200 90 280 "
                "118 300M278 190C312 200 310 280 282 300' fill='none' stroke='$b' stroke-width='15'/>",
        .body = "M118 168C118 80 282 80 282 168V298Q282 320 260 320H140Q118 320 118 298Z",
        .front = "<path d='M114 160C114 84 286 84 286 160V190Q200 216 114 190Z' fill='$c'/><rect x='142' "
                 "y='230' width='116' "
                 "height='74' rx='14' fill='$b'/><path d='M142 252H258' stroke='$d' stroke-width='4' "
                 "stroke-dasharray='8 5'/><path "
                 "d='M164 150V228M236 150V228' stroke='$w' stroke-width='12'/><rect x='156' y='206' "
                 "width='16' height='18' rx='3' "
                 "fill='$m'/><rect x='228' y='206' width='16' height='18' rx='3' fill='$m'/>",
        .shade_x = 250,
    },
    {
        /* picnic basket */
        .back = "<path d='M112 206C112 84 288 84 288 206' fill='none' stroke='$x' stroke-width='16'/><path "
                "d='M98 206C120 170 160 "
                "196 186 174C214 192 260 164 304 206Z' fill='$a'/><path d='M218 180L246 110L262 116L246 "
                "186Z' fill='$w'/>",
        .body = "M84 200H316L294 306Q292 318 280 318H120Q108 318 106 306Z",
        .front = "<path d='M92 226H310M98 252H304M104 278H300' stroke='$x' stroke-width='6'/><path d='M120 "
                 "204L136 316M152 204L160 "
                 "316M184 204L188 316M216 204L212 316M248 204L240 316M280 204L264 316' stroke='$x' "
                 "stroke-width='5' opacity='.6'/>"
                 "<rect x='76' y='192' width='248' height='19' rx='9' fill='$x'/><path d='M120 206L164 "
                 "206L150 262L132 262Z' "
                 "fill='$a'/><path d='M130 206L140 262M120 226H158M126 246H154' stroke='$d' stroke-width='5' "
                 "opacity='.8'/>",
        .shade_x = 266,
        .fill = 'w',
    },
    {
        /* thermos flask */
        .back = "<path d='M238 170H282Q290 170 290 180V258Q290 268 280 268H238' fill='none' stroke='$k' "
                "stroke-width='12'/>",
        .body = "M152 138Q152 124 166 124H234Q248 124 248 138V302Q248 318 232 318H168Q152 318 152 302Z",
        .front = "<path d='M160 66H240L236 116H164Z' fill='$e'/><path d='M214 66H240L236 116H214Z' "
                 "fill='#2a1c14' opacity='.15'/>"
                 "<rect x='154' y='112' width='92' height='15' rx='5' fill='$n'/><rect x='152' y='298' "
                 "width='96' height='11' "
                 "fill='$n'/>",
        .shade_x = 222,
    },
    {
        /* parasol */
        .back = "<path d='M200 90V310' stroke='$w' stroke-width='11'/><path d='M140 318Q140 300 200 300T260 "
                "318Z' fill='$k'/>",
        .body = "M48 200C56 96 344 96 352 200Q314 178 276 200Q238 178 200 200Q162 178 124 200Q86 178 48 200Z",
        .front = "<path d='M200 122C150 130 126 160 124 200Q162 178 200 200Q238 178 276 200C274 160 250 130 "
                 "200 122Z' fill='$d' "
                 "opacity='.92'/><path d='M200 122V200' stroke='$e' stroke-width='3'/><circle cx='200' "
                 "cy='114' r='10' fill='$w'/>",
        .shade_x = 300,
    },
    {
        /* garden bench */
        .back = "<path d='M92 130V318M308 130V318' stroke='$x' stroke-width='15' "
                "stroke-linecap='round'/><path d='M70 226H120M280 "
                "226H330' stroke='$x' stroke-width='13' stroke-linecap='round'/>",
        .body = "M80 128H320V152H80ZM80 162H320V186H80ZM80 196H320V220H80ZM70 244H330V270H70Z",
        .front = "<path d='M70 270H330' stroke='$b' stroke-width='7'/><g fill='$n'><circle cx='92' cy='140' "
                 "r='4'/><circle cx='308' "
                 "cy='140' r='4'/><circle cx='92' cy='174' r='4'/><circle cx='308' cy='174' r='4'/><circle "
                 "cx='92' cy='208' r='4'/>"
                 "<circle cx='308' cy='208' r='4'/></g><path d='M230 244c0-34 2-46 10-46h44c8 0 10 14 10 "
                 "46z' fill='$d'/><path "
                 "d='M240 206h44M236 226h52' stroke='$e' stroke-width='4'/>",
        .shade_x = 290,
    },
    {
        /* fire bowl */
        .back = "<path d='M150 280L126 320M250 280L274 320' stroke='$k' stroke-width='13' "
                "stroke-linecap='round'/><circle cx='200' "
                "cy='170' r='112' fill='#ffdf9e' opacity='.45'/><path d='M130 226C104 170 156 150 152 96C190 "
                "120 186 152 196 "
                "166C210 130 200 96 226 62C232 110 276 132 266 180C276 176 280 168 282 158C296 190 286 212 "
                "270 226Z' "
                "fill='#e8743b'/><path d='M156 226C146 190 176 178 176 150C196 168 200 184 204 196C214 176 "
                "212 160 222 142C232 170 "
                "254 190 242 226Z' fill='#f6b74a'/><path d='M180 226C178 206 194 200 196 184C208 198 218 208 "
                "214 226Z' "
                "fill='#fdeab0'/><path d='M122 216L250 236M152 238L282 214' stroke='$o' stroke-width='17' "
                "stroke-linecap='round'/>",
        .body = "M72 222H328C320 276 268 300 200 300C132 300 80 276 72 222Z",
        .front = "<rect x='64' y='214' width='272' height='15' rx='7' fill='$c'/>",
        .shade_x = 268,
    },
};
