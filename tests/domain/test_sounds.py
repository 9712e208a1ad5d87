from __future__ import annotations

import pytest

from intake_app.domain import sounds
from intake_app.domain.transliteration import latin

ALIKE = (
    "Mohamed Muhammad Mohammed Mohammad Mahamed Maxamed Mehmet Moehammad محمد",
    "Tesfaye Tesfai Tesfay Tesfaj ተስፋይ",
    "Khalid Chalid Kalid Xalid Halit خالد",
    "Jamal Djamal Gamal Cemal Dzjamal جمال",
    "Yusuf Joesoef Youssef Yousef Yusuuf Josef يوسف",
    "Hussein Hossein Husayn Hoesein Houssein Hussien حسين",
    "Fatima Fatimah Fatma Faadumo فاطمة",
    "Abdulrahman Abderrahman Abdirahman Abdelrahman Abdoelrahman عبدالرحمن",
    "Abdullah Abdallah Abdulla Abdoellah عبدالله",
    "Abdulkadir Abdelkader Abdulqadir عبدالقادر",
    "Reza Rida Ridha Riza رضا",
    "Ramadan Ramazan رمضان",
    "Qasim Kassem Ghassem Qassim قاسم",
    "Gholam Ghulam Golam غلام",
    "Aisha Aicha Ayşe Caasha Aischa عائشة",
    "Osman Othman Uthman Cismaan عثمان",
    "Omar Umar Cumar Oemar عمر",
    "Jafar Djafar Jaafar Cafer جعفر",
    "Zainab Zeinab Zeynep Zaynab زينب",
    "Khadija Chadidja Hatice Xadiija خديجة",
    "Ibrahim Ebrahim Ibraahim İbrahim إبراهيم",
    "Suleiman Sulayman Souleymane Suleyman سليمان",
    "Sharif Cherif Scharif Sjarif شريف",
    "Rachid Rashid Rasheed Rasjid رشيد",
    "Gebremedhin Ghebremedhin Gebremedhen ገብረመድህን",
    "Haile Hayle Hailay ኃይለ",
    "Michael Mikael Mikiel ሚካኤል",
    "Kidane Chidane Kidanie ኪዳነ",
    "Tsegay Tsegai Tzegai Segai Tsegaye ጸጋይ",
    "Yohannes Johannes Yohanes ዮሃንስ",
    "Dawit Davit Dawiet ዳዊት",
    "Filmon Philemon Philmon ፊልሞን",
    "Berhane Birhane Brhane ብርሃነ",
    "Weldu Woldu Weldou ወልዱ",
    "Hosseini Husseini Hoseini حسینی",
    "Noorzai Nurzay Noorzay نورزی",
    "Oleksandr Aleksandr Олександр Александр",
    "Yuriy Yurii Joerij Юрій",
    "Şermin Shermin Schermin",
    "Çelik Tsjelik Chelik",
)
"""Each line is one name as it was written down in several places; nobody in particular."""

APART = (
    ("Mohamed", "Ahmed"),
    ("Tesfay", "Tekle"),
    ("Fatima", "Farida"),
    ("Hassan", "Hussam"),
    ("Omar", "Amin"),
    ("Haile", "Kiflom"),
    ("Yusuf", "Yasin"),
    ("Karim", "Rahim"),
)


def keys(name: str) -> set[str]:
    (word,) = sounds.heard_words(name)
    return {key for part in sounds.parts(word) for key in sounds.coarse(part) | sounds.fine(part)}


@pytest.mark.parametrize("line", ALIKE)
def test_one_name_in_many_hands_sounds_alike(line: str):
    first, *others = line.split()
    for other in others:
        assert keys(first) & keys(other), other


@pytest.mark.parametrize(("one", "other"), APART)
def test_different_names_do_not_sound_alike(one: str, other: str):
    assert not keys(one) & keys(other)


def test_spelling_alone_makes_no_difference_to_the_fine_key():
    for one, other in (("Mohammed", "Muhammad"), ("Joesoef", "Yusuf"), ("Kidane", "Chidane")):
        assert sounds.fine(one.lower()) & sounds.fine(other.lower())


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("ተስፋይ ኪዳነ", "tesfay kidane"),
        ("محمد الخطيب", "mhmd alkhtyb"),
        ("گلاره ژاله", "glarh zhalh"),
        ("Григорій", "hryhoriy"),
        ("Григорий", "grigoriy"),
        ("Ḥaddād", "haddad"),
        ("Yıldız Øster Łuk", "yildiz oster luk"),
        ("مُحَمَّـد", "mhmd"),
        ("李", "李"),
    ],
)
def test_other_scripts_become_latin(text: str, written: str):
    assert latin(text) == written


def test_hyphens_part_words_and_apostrophes_do_not():
    assert sounds.words("Al-Sa'id  d’Arc") == ("al", "said", "darc")


@pytest.mark.parametrize("text", ["", "   ", "-", "'", "ـ", "%_"])
def test_nothing_has_no_words(text: str):
    assert sounds.words(text) == ()
