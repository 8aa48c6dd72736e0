"""The fixed words of a report's sections, in Swedish and English."""

from __future__ import annotations

from collections.abc import Mapping

from samorsak.report.change_phrases import change_phrases
from samorsak.report.phrases import by_language
from samorsak.wording import Lang

_SAID = {  # Swedish, English
    # the report
    "report": ("Öppna svar", "Open answers"),
    "title": ("{} {}", "{} {}"),
    "subtitle": ("Sammanställning av svaren", "What the answers say"),
    "subtitle_against": (
        "Sammanställning av svaren, jämförda med {}",
        "What the answers say, compared with {}",
    ),
    # how it was done
    "how": ("Hur sammanställningen är gjord", "How it was done"),
    "read": (
        "Ur filen {file} lästes {rows} rader med {cells} möjliga fritextsvar. {answers} av dem är svar som "
        "ingår; {dropped}.",
        "From the file {file} {rows} rows were read, with room for {cells} written answers. {answers} of "
        "them are answers that count; {dropped}.",
    ),
    "dropped": ("{} utgår ({})", "{} are left out ({})"),
    "dropped_none": ("inga utgår", "none are left out"),
    "drop_no text": ("ingen text", "no text"),
    "several_rounds": (
        "Filen innehåller flera omgångar, och antalen gäller dem alla: {}.",
        "The file holds several rounds, and these numbers are of them all: {}.",
    ),
    "masked": (
        "Personuppgifter är ersatta av ord inom hakparentes: {}. Namn ersätts inte.",
        "Personal data were replaced by words in brackets: {}. Names are not replaced.",
    ),
    "masked_personnummer": ("personnummer", "identity number"),
    "masked_telefon": ("telefon", "telephone"),
    "masked_e-post": ("e-post", "e-mail"),
    "masked_none": (
        "Inga personnummer, telefonnummer eller e-postadresser hittades i svaren. Namn söks inte.",
        "No identity numbers, telephone numbers or e-mail addresses were found in the answers. Names are not "
        "searched for.",
    ),
    "kept": (
        "Personuppgifter i svaren är inte ersatta.",
        "Personal data in the answers were not replaced.",
    ),
    "respondents": (
        "{} svarande ingår, också de som bara har svarat på slutna frågor.",
        "{} respondents count, those who answered closed questions only, too.",
    ),
    "coded_how": (
        "Varje svar har delats i påståenden, och varje påstående har fått en kategori ur schemat av modellen "
        "{model}. Svar som inte anger någon orsak räknas bland svaren men inte bland orsakerna.",
        "Each answer was split into statements, and the model {model} gave each statement a category of the "
        "scheme. Answers that give no cause count among the answers, not among the causes.",
    ),
    "coded_unknown": (
        "Varje svar har delats i påståenden, och varje påstående har en kategori ur schemat; med vilken "
        "modell säger mappen inte. Svar utan orsak räknas bland svaren men inte bland orsakerna.",
        "Each answer was split into statements, and each statement has a category of the scheme; by which "
        "model the folder does not say. Answers without a cause count among the answers, not among the "
        "causes.",
    ),
    "reviewed_how": (
        "{} svar har lästs om av en person. De valdes för att de var tveksamma, så de säger inget om hur "
        "ofta modellen har fel på de övriga.",
        "{} answers were reviewed by a person. They were chosen as they were doubtful, so they do not say "
        "how often the model errs on the others.",
    ),
    "audited_how": (
        "Andelarna i de rangordnade listorna är rättade efter en granskning: {} slumpvis dragna svar har "
        "lästs och kodats av en person utan modellens förslag.",
        "The shares in the ranked lists are corrected by an audit: {} answers, drawn at random, were read "
        "and coded by a person who did not see what the model says.",
    ),
    "unaudited": (
        "Ingen människa har granskat ett slumpmässigt urval av svaren i omgången {}. Alla andelar av orsaker "
        "är modellens räkning: hur ofta den har fel på just dessa svar är inte känt.",
        "Nobody has audited a random sample of the answers of the round {}. All shares of causes are counted "
        "by the model: how often it errs on these answers is not known.",
    ),
    "unaudited_list": (
        "Listan vilar på modellens kodning, som inte är granskad.",
        "The list rests on the model's coding, which is not audited.",
    ),
    "hidden_numbers": (
        "I tabeller efter grupp visas inte antal från 1 till {}, inte heller antal som skulle röja dem: där "
        "står två punkter. Svaren själva visas inte.",
        "In tables by group, numbers from 1 to {} are not shown, nor are numbers that would give them away: "
        "they are two points. The answers themselves are not shown.",
    ),
    "answers_table": ("Svar och orsaker per öppen fråga", "Answers and causes of each open question"),
    "answers_with": ("Svar", "Answers"),
    "without": ("Svar utan orsak", "Answers without a cause"),
    "causes_given": ("Orsaker, efter schemat", "Causes, by the scheme"),
    # causes
    "asked": ("Den öppna frågan löd: {}", "The open question was: {}"),
    "not_asked": (
        "Frågan {} har inga svar i omgången {}, så det finns ingen lista.",
        "The question {} has no answers in the round {}, so there is no list.",
    ),
    "one_answer": (
        "Bara ett svar finns, så andelarna säger inget om fler än den svarande.",
        "There is one answer only, so shares say nothing of more than who wrote it.",
    ),
    "bars_alt": (
        "Liggande staplar, den vanligaste orsaken överst. {}.",
        "Horizontal bars, the most common cause first. {}.",
    ),
    "bars_alt_item": ("{}: {}", "{}: {}"),
    "low": ("Lägst", "Low"),
    "high": ("Högst", "High"),
    "remark": ("Anmärkning", "Remark"),
    "minor": (
        "Orsaker med en andel under {} står i texten som andra förekommande svar.",
        "Causes with a share below {} stand in the text as other answers.",
    ),
    "sampled": (
        "Av kategorier med fler än {} påståenden visas så många, slumpvis dragna (frö {}).",
        "Of categories with more than {} statements so many are shown, drawn at random (seed {}).",
    ),
    "whole_answers": (
        "Där det inte är känt vilket stycke av ett svar som anger orsaken visas hela svaret.",
        "Where it is not known which stretch of an answer gives the cause, the whole answer is shown.",
    ),
    # method
    "method": ("Metodbilaga", "Appendix on method"),
    "method_generated": (
        "Allt i bilagan är hämtat ur omgångarnas mappar; inget är skrivet för hand.",
        "All of this is taken from the folders of the rounds; nothing was typed in.",
    ),
    "what": ("Vad", "What"),
    "value": ("Värde", "Value"),
    "in_out": ("Antal in och ut", "Numbers in and out"),
    "rows_read": ("Rader i filen", "Rows of the file"),
    "cells_read": ("Möjliga fritextsvar", "Room for written answers"),
    "answers_kept": ("Svar som ingår", "Answers that count"),
    "dropped_because": ("Utgår: {}", "Left out: {}"),
    "statements_found": ("Påståenden", "Statements"),
    "masked_kind": ("Ersatt i svaren: {}", "Replaced in the answers: {}"),
    "like_personal": ("Id som liknar personuppgifter", "Ids that look like personal data"),
    "closed_respondents": ("Svarande med slutna frågor", "Respondents with closed questions"),
    "model_table": ("Schema och modell", "Scheme and model"),
    "scheme_name": ("Schema", "Scheme"),
    "scheme_version": ("Schemats version", "Version of the scheme"),
    "fingerprint": ("Schemats fingeravtryck", "Fingerprint of the scheme"),
    "model_name": ("Modell", "Model"),
    "model_seed": ("Modellens frö", "Seed of the model"),
    "encoder": ("Kodare (vektorer)", "Encoder (vectors)"),
    "threshold": ("Tröskel, {}", "Threshold, {}"),
    "checks": ("Kontrollsummor och versioner", "Check sums and versions"),
    "sha_of": ("SHA-256, {}", "SHA-256 of {}"),
    "version_of": ("Version, {}", "Version of {}"),
    "trial": ("Hur modellen prövades", "How the model was tried"),
    "trial_about": (
        "Prövad på svar som den inte hade lärt sig av, som en person hade kodat. Siffrorna gäller svar som "
        "liknar dem, inte nödvändigtvis svaren i omgången.",
        "Tried on answers that it had not learned from, coded by a person. The figures hold for answers like "
        "those, not necessarily for the answers of the round.",
    ),
    "trial_none": (
        "Modellen är inte prövad på svar som den inte hade lärt sig av, så det finns inga intervall utan "
        "granskning.",
        "The model was not tried on answers it had not learned from, so there are no intervals without an "
        "audit.",
    ),
    "tried_answers": ("Svar", "Answers"),
    "precision": ("Precision", "Precision"),
    "recall": ("Täckning", "Recall"),
    "micro_f1": ("F1, alla orsaker", "F1, all causes"),
    "macro_f1": ("F1, medel över kategorier", "F1, mean over categories"),
    "segmentation": (
        "Hur svaren delas i påståenden prövas inte med omgången; samorsak evaluate mäter det på annoterade "
        "svar.",
        "How answers are split into statements is not tried with the round; samorsak evaluate measures it on "
        "annotated answers.",
    ),
    "audit_table": ("Granskningen", "The audit"),
    "audit_none": (
        "Ingen granskning är gjord av omgången {}.",
        "No audit was made of the round {}.",
    ),
    "audited_answers": ("Granskade svar", "Audited answers"),
    "audit_agreed": ("Samma kodning som modellen", "Coded as the model did"),
    "audit_draw": ("Granskningens dragning: {}.", "The draw of the audit: {}."),
    "review_table": ("Omlästa svar", "Reviewed answers"),
    "agreement": ("Överensstämmelse mellan kodare", "Agreement between coders"),
    "agreement_of": ("Kodare", "Coders"),
    "agreement_all": ("alla", "all"),
    "agreement_answers": ("Svar som två eller fler har kodat", "Answers coded by two or more"),
    "agreement_alpha": ("Krippendorffs alfa, samma kategorier", "Krippendorff's alpha, the same categories"),
    "agreement_masi": ("Krippendorffs alfa, MASI", "Krippendorff's alpha, MASI"),
    "agreement_about": (
        "1 är full överensstämmelse, 0 vad slumpen ger; intervallen är över svar. MASI räknar också delvis "
        "samma kategorier.",
        "1 is perfect agreement, 0 what chance gives; intervals are over answers. MASI counts partly the "
        "same categories, too.",
    ),
    "agreement_none": (
        "Inget svar är kodat av två, så det finns ingen överensstämmelse att mäta.",
        "No answer was coded by two, so there is no agreement to measure.",
    ),
    "settings_table": ("Rapportens inställningar", "Settings of the report"),
    "of_round": ("{}: {}", "{}: {}"),
}  # fmt: skip
_WORDS = by_language(_SAID)


def report_words(lang: Lang) -> Mapping[str, str]:
    """Give the fixed words of a language, those of lists and changes too."""
    return {**change_phrases(lang), **_WORDS[lang]}
