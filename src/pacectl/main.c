// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// pacectl: the command line of paced. This file finds the verb; each verb has a file of its own.

#include "pacectl/pacectl.h"

#include <errno.h>
#include <locale.h>
#include <string.h>

const Verb VERBS[] = {
    {"status", "[--json]", "what the daemon, its sensors and the workout are doing", verb_status},
    {"doctor", "[--database=FILE] [--json]",
     "what stands in the way of a run, and what to do about it", verb_doctor},
    {"monitor", "[--estimates | --json]", "follow cues and values until Ctrl-C", verb_monitor},
    {"sensors", "[--json]", "list the sensors", verb_sensors},
    {"sensors scan", "[SECONDS] [--json]", "look for sensors, then list all", verb_sensors_scan},
    {"sensors show", "SENSOR [--json]", "all that is known of one", verb_sensors_show},
    {"sensors add",
     "SENSOR [NAME] [--match-name] [--role heart,stride,treadmill,power] [--rank N] [--runner "
     "NAME] "
     "[--cadence auto|steps|one-leg|none]",
     "enrol one, by its address or by what it calls itself", verb_sensors_add},
    {"sensors set", "SENSOR [--name NAME] [--no-match-name] [the options of add]",
     "change what an enrolled one is called and used for", verb_sensors_set},
    {"sensors forget", "SENSOR", "disconnect and forget one", verb_sensors_forget},
    {"sensors distance", "SENSOR METRES", "let a pod count its total on from here",
     verb_sensors_distance},
    {"sensors scale", "SENSOR [ground|treadmill] [--set SCALE | --reset | --undo]",
     "what is known of the scale of its metres, or change it", verb_sensors_scale},
    {"sensors calibrate", "SENSOR", "let a pod calibrate itself", verb_sensors_calibrate},
    {"sensors location", "SENSOR [PLACE]", "tell a pod where it is worn, or list the places",
     verb_sensors_location},
    {"sensors reset-energy", "SENSOR", "let a strap count calories from 0 again",
     verb_sensors_reset_energy},
    {"hold", "", "keep the sensors connected until Ctrl-C", verb_hold},
    {"workouts", "[--json]", "the workouts that can be started by name", verb_workouts},
    {"workouts search", "WORDS ... [--json]",
     "those of a kind (tempo), a length (30-45min, under 10 km), or a name", verb_workouts_search},
    {"workouts show", "NAME", "the text of one, what it comes to, and what is doubtful about it",
     verb_workouts_show},
    {"workouts add", "FILE | --clipboard [--name NAME] [--replace]",
     "keep a workout to start by name (- reads its text)", verb_workouts_add},
    {"workouts remove", "NAME", "delete one of your own", verb_workouts_remove},
    {"workouts share", "NAME [--qr]", "its text to paste anywhere, or a code for a phone's camera",
     verb_workouts_share},
    {"start", "FILE|NAME|--free [--by-effort] [--wait-sensors] [--follow]",
     "begin a workout (- reads its text)", verb_start},
    {"preflight", "[FILE|NAME]", "let the coach say what is well and what is not before a run",
     verb_preflight},
    {"say", "TEXT [--language L]", "speak a text through the daemon's voice", verb_say},
    {"sound", "[--device NAME] [--volume N] [--clicks N] [--duck yes|no] [--json]",
     "where and how loud the coach is heard, or change it", verb_sound},
    {"pause", "", "stop the clock", verb_steer},
    {"resume", "", "go on after a pause", verb_steer},
    {"lap", "", "end this step and begin the next; in a free run, begin another lap", verb_steer},
    {"skip", "", "abandon this step", verb_steer},
    {"stop", "", "end the workout; what was run is kept", verb_steer},
    {"where", "", "let the coach say where in the workout you are", verb_steer},
    {"continue", "", "go on with a run that the end of the daemon cut off", verb_continue},
    {"veto", "", "take back what the coach has just changed of the workout", verb_steer},
    {"accept", "", "take up what the coach has just offered", verb_steer},
    {"rate", "0…10", "say how hard the latest repetition felt", verb_rate},
    {"metronome", "[on|off|CADENCE]",
     "one click a step while the feet have left theirs, in this run", verb_metronome},
    {"pacer", "[50|100|200|off]", "a tone as a pacemaker passes each so many metres, in this run",
     verb_pacer},
    {"distance", "DISTANCE | --undo", "say how long the run truly was, or take that or a lap back",
     verb_distance},
    {"track", "[LENGTH|none]", "the track that laps are pressed on", verb_track},
    {"history", "[RUN|last] [--limit N] [--json]", "the runs that were kept, or the laps of one",
     verb_history},
    {"show", "RUN|last|FILE [--json | --gvariant]",
     "how a run went, step by step, and beside the last of its kind", verb_show},
    {"report", "RUN|last|FILE|--all [-o FILE] [--force]",
     "a run, or the trends of all, as a page to look at", verb_report},
    {"export", "RUN|last|FILE [--format fit|tcx|csv|json|bundle] [-o FILE] [--force] [--private]",
     "write a run for other programs, or for a bug report", verb_export},
    {"import", "FILE ...", "keep runs that others recorded (FIT, TCX)", verb_import},
    {"history delete", "RUN", "delete a run for good", verb_history_delete},
    {"backup", "FILE [--database=FILE]",
     "copy all that is kept, while the daemon runs, and look "
     "whether the copy is whole",
     verb_backup},
    {"restore", "FILE [--database=FILE]",
     "put a backup in the place of all that is kept, which is kept beside it", verb_restore},
    {"verify", "[--database=FILE]", "look whether all that is kept is whole", verb_verify},
    {"zones",
     "--race DISTANCE=TIME ... [--rest BPM] [--max BPM] [--threshold BPM] [--age YEARS] [--sex "
     "f|m] "
     "[--json]",
     "paces, critical speed, other races and heart zones that follow from what you can do",
     verb_zones},
    {"athlete", "[--json]", "what the coach knows of you, and what follows from it", verb_athlete},
    {"athlete set", "KEY=VALUE ...", "tell it your age, mass, heart rates, or speeds that you know",
     verb_athlete_set},
    {"athlete race",
     "DISTANCE=TIME [--date YYYY-MM-DD] [--not-all-out] | RUN [LAP] [--distance DISTANCE] "
     "[--not-all-out]",
     "tell it a race, in place of one over the same distance; or that a run was one",
     verb_athlete_race},
    {"athlete proposal", "[accept|decline] [--json]",
     "what is proposed for your next runs, and your answer", verb_athlete_proposal},
    {"athlete goal", "DISTANCE=TIME|DISTANCE=none ...",
     "tell it what you train for, which the goal paces of workouts follow from", verb_athlete_goal},
    {"athlete unset", "KEY|DISTANCE ...", "take back what was told", verb_athlete_unset},
    {"decode", "2a37|2a53|2acd|… HEX…", "what a sensor's packets say, as JSON", verb_decode},
    {"hrv", "FILE [--variant pyhrv|standard|both-ends]",
     "the variability of recorded RR intervals, as JSON", verb_hrv},
    {"check", "FILE [--by-effort] [the options of zones] [--json]",
     "read a workout's text and say what it holds and what is doubtful", verb_check},
    {"convert",
     "IN OUT [--from text|icu|zwo|fit] [--to text|fit] [--strict] [--athlete] [the options of "
     "zones]",
     "turn a workout of another format into text, or into one that a watch loads", verb_convert},
    {"simulate",
     "FILE [--runner fresh|tired|fading] [--veto] [--accept] [--by-effort] [--verbosity "
     "full|normal|terse|tones] [--seed N] [--language L] [--known WORDS] [--wav OUT] [--record "
     "OUT] [the options "
     "of "
     "zones] [--json | --gvariant]",
     "run a workout with a virtual runner, in no time", verb_simulate},
    {"phrases check", "[FILE]",
     "what is wrong with the words of a language, or of all that are found", verb_phrases_check},
    {"record", "FILE [--run N] [--private]",
     "capture what happens until Ctrl-C, or a run that was kept (- writes standard output)",
     verb_record},
    {"replay", "FILE [--json] | --pod POD.csv [--marks CSV] [--plan CSV] [--scale-sd SHARE]",
     "put a capture through the coach again, a run (CSV, FIT) through the estimators, or a pod's "
     "speeds through the filter",
     verb_replay},
    {NULL},
};

const Verb *verb_find(const char *name)
{
    for (const Verb *verb = VERBS; verb->name; verb++)
        if (strcmp(verb->name, name) == 0)
            return verb;
    return NULL;
}

// A verb of two words, or of one; takes them off the arguments, whose first is then the verb's
// name.
static const Verb *verb_take(int *argc, char ***argv)
{
    g_autofree char *two = *argc > 2 ? g_strconcat((*argv)[1], " ", (*argv)[2], NULL) : NULL;
    const Verb *verb = two ? verb_find(two) : NULL;
    int words = verb ? 2 : 1;
    if (!verb)
        verb = verb_find((*argv)[1]);
    *argc -= words;
    *argv += words;
    if (verb)
        (*argv)[0] = (char *)verb->name;
    return verb;
}

static void print_usage(FILE *to)
{
    fputs("pacectl VERB ...\n\n", to);
    for (const Verb *verb = VERBS; verb->name; verb++)
        fprintf(to, "  %s%s%s\n            %s\n", verb->name, *verb->arguments ? " " : "",
                verb->arguments, verb->summary);
    fputs("\nExit status: 0 done, 64 wrong usage, 65 bad input, 69 no daemon, 1 anything else.\n",
          to);
}

int main(int argc, char **argv)
{
    setlocale(LC_ALL, "");
    // Numbers are printed for scripts too: a decimal comma would break them.
    setlocale(LC_NUMERIC, "C");
    if (argc < 2) {
        print_usage(stderr);
        return EXIT_BAD_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0) {
        print_usage(stdout);
        return EXIT_DONE;
    }
    if (strcmp(argv[1], "--version") == 0) {
        puts("pacectl " PACED_VERSION);
        return EXIT_DONE;
    }
    const Verb *verb = verb_take(&argc, &argv);
    if (!verb)
        return complain(EXIT_BAD_USAGE, "there is no verb '%s'; pacectl --help lists them",
                        argv[0]);
    int code = verb->run(argc, argv);
    // A script that keeps the output must not take half of it for all.
    if ((fflush(stdout) != 0 || ferror(stdout)) && code == EXIT_DONE)
        return complain(EXIT_OTHER, "the output cannot be written: %s", g_strerror(errno));
    return code;
}
