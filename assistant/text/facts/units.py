"""The words that go with numbers: units and their spellings, months, numbers written out."""

_SPELLINGS = (
    "day days|week weeks wk wks|month months|year years yr yrs|hour hours hr hrs h|minute minutes min mins"
    "|second seconds sec secs|quarter quarters|night nights|weekend weekends"
    "|km kilometre kilometres kilometer kilometers|m metre metres meter meters|cm centimetre centimetres|mm"
    "|mi mile miles"
    "|kg kilo kilos kilogram kilograms|g gram grams|lb lbs|t tonne tonnes ton tons|ft foot feet|inch inches"
    "|gb|mb|tb|kb|kw|kwh|wh|watt watts w|volt volts v|amp amps|l litre litres liter liters|ml"
    "|euro euros eur €|pound pounds gbp £|dollar dollars usd $|zł zloty zlotys pln|yen jpy ¥|franc francs chf"
    "|cent cents|penny pence p|%|percent|point points|time times x|°c|°f|‰"
)
UNITS = {word: row.split()[0] for row in _SPELLINGS.split("|") for word in row.split()} | {
    "percent": "%",
    "per cent": "%",
}
MONTHS = {
    word: number
    for number, row in enumerate(
        "january jan|february feb|march mar|april apr|may|june jun|july jul|august aug|september sept sep"
        "|october oct|november nov|december dec".split("|"),
        1,
    )
    for word in row.split()
}
_SMALL = (
    "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen"
    " nineteen"
).split()
TENS = {
    word: 10 * place for place, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)
}
NUMBER_WORDS = {word: place for place, word in enumerate(_SMALL, 2)} | TENS
SCALES = {"hundred": 100, "thousand": 1_000, "k": 1_000, "million": 1_000_000, "bn": 10**9, "billion": 10**9}
RATES = {
    "hourly": "hour", "daily": "day", "nightly": "night", "weekly": "week", "monthly": "month", "quarterly": "quarter",
    "yearly": "year", "annually": "year", "annual": "year",
}  # fmt: skip
