"""Which posts ask something, with and without a question mark."""

import pytest

from assistant.listening.analysis.intent import is_question

ASKING = """
How do I pause my plan?
how do i pause my plan
@acme can you call me
@acme @larkspur, is it waterproof
Hi, what time do you open
what's the range in winter
Is there an app
Anyone else having trouble with the lock
are larkspur ever coming to Cardiff. I will carry the cabinets
does larkspur count for the cycle to work scheme
do u have to be good at bikes. i haven't ridden since school
Isn't it supposed to charge overnight
Which plan should I take
who do I talk to about a refund
Lovely bike. Does anyone know where the brakes are made
I was wondering if you deliver on Sundays
how about a bell
Wo ist mein Fahrrad?
¿Dónde está mi bici?
如何取消？
أين دراجتي؟
Nice. Really?
Good bike, baffling invoices. Why is my billing date the 31st. It is odd
"""

TELLING = """
Do not buy this.
Don't buy this.
What a great bike!
What an awful day.
When I ride the bike it squeaks.
Where I live nobody has one.
Can not believe how good this is.
Can't believe it.
Is broken again today.
Are not impressed.
Was a lovely ride.
Could be better.
Rode home. When I got there it was dark. What a day.
Do your job!
Have a nice day.
Is a joke, this app.
Have been waiting for an hour.
Anyone who rides in winter is brave.
Who knew.
Love it https://x.example/?q=why
Howdy larkspur
Canyon bikes are nice
"""


@pytest.mark.parametrize("text", ASKING.strip().splitlines())
def test_a_question_is_heard(text: str) -> None:
    assert is_question(text)


@pytest.mark.parametrize("text", TELLING.strip().splitlines())
def test_a_statement_is_not_taken_for_a_question(text: str) -> None:
    assert not is_question(text)
