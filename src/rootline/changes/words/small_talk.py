"""Words that say nothing of what broke: those of any sentence, and those of any talk about changes and faults."""

from rootline.changes.words.tokens import STOP, stem

# Source: the function words of English, as lists of stop words have them since G. Salton's SMART system (1971),
# without those that name things in code.
SILENT_WORDS = """
able above according accordingly across actually afterwards against ago allow allows almost alone along already
although always am among amongst another anybody anyhow anyone anything anyway anywhere apart appear appears
appreciate appropriate around aside ask asking associated available away awfully back became become becomes been
beforehand behind being believe below beside besides best better between beyond big bit both brief bunch came cannot
certain certainly clearly come comes coming completely concerning consequently consider considering contain contains
corresponding couldn couple course currently day days definitely described despite did didn different does doesn doing
don done during each easily either elsewhere end enough entirely especially etc ever every everybody everyone everything
everywhere exactly example except far few first following follows former formerly forth found fully further
furthermore gave generally gets getting give given gives giving go goes going gone good got gotten great had hadn
happen happened happening happens hard hardly hasn haven having hello help hence her hereby hers herself hi him himself
his hit hopefully how howbeit however ideally ignore immediate immediately inasmuch inc indeed indicate indicated
indicates inner insofar instead inward isn itself keep keeps kept kind know known knows last lastly later latter least
left less lest lets like liked likely little long longer look looking looks lot lots made mainly make makes making many
maybe me mean means meanwhile merely might minor moment month months moreover mostly much must my myself name namely
near nearly necessary need needed needs neither never nevertheless new next nobody none nor normally nothing notice
nowhere obviously off often oh ok okay old once one ones onto other others otherwise ought ours ourselves outside
overall own part particular particularly perhaps place placed please plus point points possible possibly presumably
pretty previous previously probably properly provide provides put quick quickly quite rather re real really
reasonably reasons recent recently regarding regardless regards related relatively respectively right said same saw
say saying says second secondly see seeing seem seemed seeming seems seen self selves sensible sent serious seriously
set several shall she shouldn shown side similar simply since single small somebody somehow someone something sometime
sometimes somewhat somewhere soon sort special specific specified specify specifying still stuff such sudden suddenly
sup sure take taken taking tell tends thank thanks theirs them themselves thereafter thereby therefore therein thing
things think third thorough thoroughly those though thought three through throughout thus time times today together
told tomorrow too took toward towards tried tries truly try trying twice two under underneath unfortunately unless
unlikely until unto upon us useful uses usual usually value various very via viz want wanted wants wasn way ways week
weeks well went were weren whatever whence whenever where whereas whereby wherein wherever whether while whither who
whoever whole whom whose why willing wish within won wonder wouldn yes yesterday yet your yours yourself yourselves
zero
"""
# Source: ours; what is said of nearly every fault and every change, whatever they are about.
TALK_WORDS = """
issue issues problem problems bug bugs break breaks breaking broke broken cause causes caused causing fail fails failed
failing failure failures error errors work works working worked revert reverts reverted reverting commit commits change
changed changes changing patch patches fix fixes fixed fixing merge merged review reviewed master branch introduce
introduced introduces regression wrong correct correctly incorrect incorrectly add added adding adds remove removed
removing removes update updated updates behavior behaviour case cases code file files line lines function functions
test tests run running runs result results attempt attempts investigate investigation understand solution workaround
approach discuss discussed discussion decide decided rework temporary temporarily reason affect affects affected effect
actual expected unexpected current original upstream unnecessary
"""
SILENT = STOP | frozenset(SILENT_WORDS.split())
TALK = frozenset(stem(word) for word in TALK_WORDS.split())
HALF = 0.5


def weight_of(term: str) -> float:
    """How much a stemmed term is asked: half where any fault is spoken of so.

    Source: chosen on windows of real commits, each project left out in turn; 0.3 to 0.7 did alike.
    """
    return HALF if term in TALK else 1.0
